package io.watchgate.audit;

import io.watchgate.audit.Fault.Place;
import io.watchgate.jsonrpc.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Follows the lines of a log and finds the first that is not as it was written. A line is known to
/// be sound when the one behind it, which names its hash, is, or when a checkpoint covers it.
final class Chain {
  private final Sha256 sha256 = new Sha256();
  private final List<Checkpoint> checkpoints;
  private final byte[] hash;
  private MerkleTree tree;
  private int nextCheckpoint;
  private long sealed;
  private @Nullable Place first;
  private @Nullable Place last;
  private String firstPrev = "";
  private boolean explained;

  /// The line before the last, when the last does not name its hash: the next one shows which of
  /// the two it was.
  private @Nullable Place doubtful;

  private @Nullable Fault fault;

  /// @param checkpoints that were signed, in the order of their sizes
  Chain(List<Checkpoint> checkpoints) {
    this(checkpoints, new MerkleTree(), Sha256.NONE);
  }

  /// Goes on behind lines that are known.
  ///
  /// @param tree of these lines
  /// @param hash of the last of them
  Chain(List<Checkpoint> checkpoints, MerkleTree tree, byte[] hash) {
    this.checkpoints = checkpoints;
    this.tree = tree;
    this.hash = hash.clone();
  }

  /// Takes the next line.
  ///
  /// @param place where it is, with the number that it should have
  /// @return whether there is no fault yet
  boolean take(Line line, Place place) {
    long seq = line.isWhole() ? line.seq() : -1;
    if (doubtful != null) {
      boolean lastIsSound = seq == place.seq() && line.follows(hash);
      fault = (lastIsSound ? doubtful : last()).changed();
    } else if (seq < 0) {
      fault = place.notALine(line.isWhole());
    } else if (tree.size() == 0 && seq > 1) {
      beginInTheMiddle(line, new Place(place.file(), place.line(), seq));
    } else if (seq != place.seq()) {
      fault = place.outOfOrder(place.seq(), seq);
    } else if (line.follows(hash)) {
      add(line, place);
    } else {
      doubt(line, place);
    }
    return fault == null;
  }

  private void beginInTheMiddle(Line line, Place place) {
    firstPrev = line.prev().map(Sha256::hex).orElse("");
    long before = place.seq() - 1;
    var said = treeBefore(line);
    while (covers(before - 1)) {
      nextCheckpoint++;
    }
    tree = said.orElse(tree);
    if (said.isEmpty()) {
      fault = place.noBeginning();
    } else if (isSigned(before)) {
      add(line, place);
    } else {
      fault = place.otherTree();
    }
  }

  /// There is nothing before the first line that could be wrong in its place.
  private void doubt(Line line, Place place) {
    if (last == null) {
      fault = place.changed();
    } else {
      doubtful = last;
      line.hash(sha256, hash);
      last = place;
    }
  }

  private void add(Line line, Place place) {
    if (line.mayBeLifecycle()) {
      line.json().filter(Chain::isLifecycle).ifPresent(record -> heed(record, place));
    }
    line.hash(sha256, hash);
    tree.append(hash);
    first = first == null ? place : first;
    last = place;
    long before = Math.max(sealed, first.seq() - 1);
    if (fault == null && !isSigned(place.seq())) {
      fault = place.rewritten(before);
    }
  }

  private boolean covers(long size) {
    return nextCheckpoint < checkpoints.size() && checkpoints.get(nextCheckpoint).size() <= size;
  }

  /// Whether the checkpoints over so many lines, if there are any, are of these lines.
  private boolean isSigned(long size) {
    while (covers(size)) {
      if (!checkpoints.get(nextCheckpoint).isOf(tree)) {
        return false;
      }
      sealed = size;
      nextCheckpoint++;
    }
    return true;
  }

  private static boolean isLifecycle(Json record) {
    return record.textMember("event").filter("lifecycle"::equals).isPresent();
  }

  /// What a log says of itself.
  private void heed(Json record, Place place) {
    switch (record.textMember("method").orElse("")) {
      case "audit/removed" -> explained |= explains(record);
      case "audit/shortened" ->
          fault = place.shortened(record.textMember("time").orElse("no time"));
      case "audit/rotated" -> {
        var said = tree(record, place.seq() - 1);
        if (said.isEmpty() || !isSame(said.get(), tree)) {
          fault = place.otherTree();
        }
      }
      default -> {}
    }
  }

  /// What is removed is told before it goes: after a crash in between, some of it may be there.
  private boolean explains(Json removed) {
    if (first == null) {
      return false;
    }
    long gone = first.seq() - 1;
    long to = number(removed, "to");
    return number(removed, "from") <= gone
        && (to > gone || (to == gone && removed.textMember("head").orElse("").equals(firstPrev)));
  }

  private static long number(Json record, String member) {
    try {
      return Long.parseLong(record.member(member).map(Json::toString).orElse(""));
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  private static boolean isSame(MerkleTree one, MerkleTree other) {
    return one.size() == other.size() && Arrays.equals(one.root(), other.root());
  }

  /// The tree of all lines before one that tells of it.
  private static Optional<MerkleTree> tree(Json record, long size) {
    var nodes = new ArrayList<byte[]>();
    for (var node : record.member("tree").map(Json::elements).orElse(List.of())) {
      var bytes = node.isString() ? SignedNote.base64(node.text()) : Optional.<byte[]>empty();
      bytes.ifPresent(nodes::add);
    }
    try {
      return Optional.of(MerkleTree.of(size, nodes));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// What is wrong, once there are no more lines.
  ///
  /// @param place where the log ends when it has no lines
  Optional<Fault> end(Place place) {
    settle();
    if (fault == null && first != null && first.seq() > 1 && !explained) {
      fault = first.noBeginning();
    }
    if (fault == null && nextCheckpoint < checkpoints.size()) {
      fault = (last == null ? place : last).cut(checkpoints.getLast().size());
    }
    return endOfPart();
  }

  /// The same of a file alone, before and behind which there may be others.
  Optional<Fault> endOfPart() {
    settle();
    return Optional.ofNullable(fault);
  }

  /// Where the last line does not fit the one before it, and no other shows which of them is wrong.
  private void settle() {
    if (fault == null && doubtful != null) {
      fault = (sealed == doubtful.seq() ? last() : doubtful).changed();
    }
  }

  /// The tree of all lines before the next one, empty when that should say it and does not.
  Optional<MerkleTree> treeBefore(Line next) {
    long before = next.seq() - 1;
    return tree.size() > 0 || before <= 0
        ? Optional.of(tree)
        : next.json().flatMap(record -> tree(record, before));
  }

  /// The hash of the last line.
  byte[] hash() {
    return hash.clone();
  }

  /// The number that the next line has.
  long nextSeq() {
    return last == null ? tree.size() + 1 : last.seq() + 1;
  }

  long firstSeq() {
    return first == null ? nextSeq() : first.seq();
  }

  /// The hash of the last line, in hexadecimal.
  String head() {
    return Sha256.hex(hash);
  }

  /// How many lines the newest checkpoint covers that was found to be of them.
  long sealed() {
    return sealed;
  }

  private Place last() {
    return Objects.requireNonNull(last);
  }
}
