package io.watchgate.audit;

import io.watchgate.audit.LineChain.Head;
import io.watchgate.jsonrpc.Json;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Where a file of a log ends, so that the log can go on. Lines are taken as they are, also bad
/// ones: to find those is for whoever verifies.
///
/// @param firstSeq number of the file's first line
/// @param began when the first line was written
/// @param size in bytes of all whole lines
record LogEnd(long firstSeq, Instant began, Head head, long size) {

  /// Reads a file, empty when it has no whole line.
  ///
  /// @throws NoLog when its first line is none of a log
  static Optional<LogEnd> of(LogFile file) throws IOException {
    try (var lines = new Lines(file.open(_ -> {}))) {
      var line = lines.next();
      if (line == null || !line.isWhole()) {
        return Optional.empty();
      }
      var first = beginning(line).orElseThrow(() -> new NoLog(file));
      var sha256 = new Sha256();
      var tree = first.head.tree();
      var hash = new byte[Sha256.LENGTH];
      long size = 0;
      for (; line != null && line.isWhole(); line = lines.next()) {
        line.hash(sha256, hash);
        tree.append(hash);
        size += line.length() + 1;
      }
      return Optional.of(
          new LogEnd(first.firstSeq, first.began, new Head(Sha256.hex(hash), tree), size));
    }
  }

  /// A file that holds something else.
  static final class NoLog extends IOException {
    @java.io.Serial private static final long serialVersionUID = 1;

    NoLog(LogFile file) {
      super(file.path() + " does not begin as an audit log does");
    }
  }

  /// Before the first line of a file, as that line says.
  private static Optional<LogEnd> beginning(Line line) {
    try {
      var json = line.json().orElse(Json.EMPTY_OBJECT);
      var began = Instant.parse(json.textMember("time").orElse(""));
      var tree = MerkleTree.of(line.seq() - 1, tree(json));
      return line.prev()
          .map(prev -> new LogEnd(line.seq(), began, new Head(Sha256.hex(prev), tree), 0));
    } catch (IllegalArgumentException | DateTimeException _) {
      return Optional.empty();
    }
  }

  private static List<byte[]> tree(Json line) {
    return line.member("tree").map(Json::elements).orElse(List.of()).stream()
        .map(node -> SignedNote.base64(node.isString() ? node.text() : "").orElse(new byte[0]))
        .toList();
  }
}
