package io.watchgate.audit;

import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// What a log was at one moment (C2SP tlog-checkpoint): so many lines, and the one hash that stands
/// for them. Signed, it is what shows that lines were changed or cut off later.
///
/// @param origin which log
/// @param size lines, which is the number of the last
/// @param root of the tree over them, in Base64
record Checkpoint(String origin, long size, String root) {
  private static final int LINES = 3;

  /// What a log is now.
  static Checkpoint of(String origin, MerkleTree tree) {
    return new Checkpoint(origin, tree.size(), Base64.getEncoder().encodeToString(tree.root()));
  }

  /// Whether it is what the log with this tree is.
  boolean isOf(MerkleTree tree) {
    return equals(of(origin, tree));
  }

  /// The text that is signed.
  String text() {
    return origin + "\n" + size + "\n" + root + "\n";
  }

  /// Reads the text of a note, empty when it is no checkpoint. Lines below the third are others'.
  static Optional<Checkpoint> parse(String text) {
    var lines = List.of(text.split("\n", LINES + 1));
    if (lines.size() <= LINES || lines.getFirst().isEmpty()) {
      return Optional.empty();
    }
    return SignedNote.base64(lines.get(2))
        .filter(root -> root.length == Sha256.LENGTH)
        .flatMap(_ -> size(lines.get(1)))
        .map(size -> new Checkpoint(lines.get(0), size, lines.get(2)));
  }

  /// A decimal number without a sign and without zeros in front.
  private static Optional<Long> size(String digits) {
    try {
      long size = Long.parseLong(digits);
      return Optional.of(size).filter(number -> Long.toString(number).equals(digits) && size >= 0);
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
