package io.watchgate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.audit.Fault.Place;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every bit of a log of 1 MB is flipped, one at a time.
///
/// A log is not verified from its beginning for each. All that {@link Chain} knows of the lines
/// before one are the hash of the last and the tree, and these depend on nothing behind them: so it
/// goes on from what it knew one line before the flipped one, as it would have come there itself.
/// It stops at the first fault, and that is found at the latest two lines behind: what follows does
/// not matter either. For the end of the log, a checkpoint has to find what no line behind it can.
class FlippedBitsTest {
  private static final int SIZE = 1 << 20;

  /// Lines behind the flipped one that it takes to find it.
  private static final int BEHIND = 2;

  @TempDir private Path directory = Path.of("");

  private byte[] bytes = {};
  private int[] starts = {};
  private final List<byte[]> hashes = new ArrayList<>();
  private final List<MerkleTree> trees = new ArrayList<>();
  private List<Checkpoint> checkpoints = List.of();

  @Test
  void everyFlippedBitOfAMegabyteIsFoundInItsLine() throws IOException {
    write();
    int lines = starts.length - 1;
    var missed = IntStream.range(0, lines).parallel().mapToObj(this::missed);

    assertThat(missed.flatMap(Optional::stream)).isEmpty();
    assertThat(bytes.length).isGreaterThan(SIZE);
  }

  private void write() throws IOException {
    var active = directory.resolve("audit.jsonl");
    var sha256 = new Sha256();
    try (var log = TestLog.create(active, directory)) {
      while (Files.size(active) < SIZE) {
        log.addCalls(50);
      }
      log.sign();
      checkpoints =
          CheckpointFile.read(log.files().checkpoints()).stream()
              .flatMap(entry -> entry.checkpoint().stream())
              .toList();
    }
    bytes = Files.readAllBytes(active);
    starts =
        IntStream.rangeClosed(0, bytes.length)
            .filter(at -> at == 0 || bytes[at - 1] == '\n')
            .toArray();
    hashes.add(Sha256.NONE);
    trees.add(new MerkleTree());
    for (var line : Files.readAllLines(active)) {
      hashes.add(sha256.of(line.getBytes(StandardCharsets.UTF_8)));
      var last = trees.getLast();
      var tree = MerkleTree.of(last.size(), last.nodes());
      tree.append(hashes.getLast());
      trees.add(tree);
    }
  }

  /// Flips every bit of a line, and tells of one that was not found where it is.
  private Optional<String> missed(int line) {
    int lines = starts.length - 1;
    int from = Math.max(0, line - 1);
    int to = Math.min(lines, line + 1 + BEHIND);
    var window = Arrays.copyOfRange(bytes, starts[from], starts[to]);
    int begins = starts[line] - starts[from];
    for (int bit = begins * 8; bit < (begins + starts[line + 1] - starts[line]) * 8; bit++) {
      window[bit / 8] ^= (byte) (1 << bit % 8);
      var fault = verify(window, from, to == lines);
      window[bit / 8] ^= (byte) (1 << bit % 8);
      if (fault.isEmpty() || !isNamed(fault.get().line(), line, lines)) {
        return Optional.of("line %d, bit %d: %s".formatted(line + 1, bit, fault));
      }
    }
    return Optional.empty();
  }

  /// Of the last two lines nothing behind them says which of both it was.
  private static boolean isNamed(long named, int line, int lines) {
    return named == line + 1 || (line >= lines - 2 && named == line);
  }

  private Optional<Fault> verify(byte[] window, int from, boolean toTheEnd) {
    var known = trees.get(from);
    var chain =
        new Chain(
            toTheEnd ? checkpoints : List.of(),
            MerkleTree.of(known.size(), known.nodes()),
            hashes.get(from));
    long number = from;
    var place = new Place(directory, number, number);
    try (var in = new Lines(new ByteArrayInputStream(window), window.length + 1)) {
      for (var line = in.next(); line != null; line = in.next()) {
        place = new Place(directory, ++number, chain.nextSeq());
        if (!chain.take(line, place)) {
          return chain.endOfPart();
        }
      }
    } catch (IOException e) {
      throw new AssertionError("an array is read without trouble", e);
    }
    return toTheEnd ? chain.end(place) : chain.endOfPart();
  }
}
