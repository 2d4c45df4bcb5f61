package io.watchgate.audit;

import io.watchgate.audit.LineChain.Head;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Where a file of a log ends, so that the log can go on. Lines are taken as they are, also bad
/// ones: to find those is for whoever verifies.
///
/// @param firstSeq number of the file's first line
/// @param began when the first line was written
/// @param size in bytes of all whole lines
/// @param torn bytes behind them, of a line that was not written to its end
record LogEnd(long firstSeq, Instant began, Head head, long size, long torn) {
  private static final int BUFFER = 256 * 1024;
  private static final int LONGEST_LINE = 256 << 20;
  private static final byte[] BEGINNING = {'{', '"', 's', 'e', 'q', '"', ':'};

  /// Reads a file, empty when it has no whole line.
  ///
  /// @throws NoLog when that is no file of a log
  static Optional<LogEnd> of(LogFile file) throws IOException {
    try (var in = file.open(_ -> {})) {
      return new Reading(file, in).end();
    }
  }

  /// A file that holds something else.
  static final class NoLog extends IOException {
    @java.io.Serial private static final long serialVersionUID = 1;

    NoLog(LogFile file) {
      super(file.path() + " holds something else than an audit log");
    }
  }

  /// What the first line of a file says.
  private record FirstLine(long seq, Instant time, Head before) {
    static Optional<FirstLine> of(byte[] line) {
      try {
        var json = Json.parse(line, Limits.DEFAULT);
        long seq = Long.parseLong(json.member("seq").map(Json::toString).orElse(""));
        var time = Instant.parse(json.textMember("time").orElse(""));
        var tree = MerkleTree.of(seq - 1, tree(json));
        var prev = HexFormat.of().parseHex(json.textMember("prev").orElse(""));
        return prev.length == Sha256.LENGTH
            ? Optional.of(new FirstLine(seq, time, new Head(prev, tree)))
            : Optional.empty();
      } catch (MalformedMessage | IllegalArgumentException | DateTimeException _) {
        return Optional.empty();
      }
    }

    private static List<byte[]> tree(Json line) {
      return line.member("tree").map(Json::elements).orElse(List.of()).stream()
          .map(node -> SignedNote.base64(node.isString() ? node.text() : "").orElse(new byte[0]))
          .toList();
    }
  }

  /// One file while it is read.
  private static final class Reading {
    private final LogFile file;
    private final InputStream in;
    private final Sha256 sha256 = new Sha256();
    private final List<FirstLine> first = new ArrayList<>(1);
    private final byte[] prev = new byte[Sha256.LENGTH];
    private MerkleTree tree = new MerkleTree();
    private byte[] buffer = new byte[BUFFER];
    private long size;

    Reading(LogFile file, InputStream in) {
      this.file = file;
      this.in = in;
    }

    Optional<LogEnd> end() throws IOException {
      int filled = 0;
      int scanned = 0;
      for (int read = in.read(buffer); read >= 0; ) {
        filled += read;
        int taken = takeLines(scanned, filled);
        System.arraycopy(buffer, taken, buffer, 0, filled - taken);
        filled -= taken;
        scanned = filled;
        checkIsLog(filled);
        if (filled == buffer.length) {
          grow();
        }
        read = in.read(buffer, filled, buffer.length - filled);
      }
      if (first.isEmpty()) {
        return Optional.empty();
      }
      var line = first.getFirst();
      return Optional.of(
          new LogEnd(line.seq, line.time, new Head(prev, tree), size, filled));
    }

    /// Bytes of all whole lines.
    private int takeLines(int scanned, int filled) throws IOException {
      int start = 0;
      for (int i = scanned; i < filled; i++) {
        if (buffer[i] == '\n') {
          take(start, i);
          start = i + 1;
        }
      }
      size += start;
      return start;
    }

    private void take(int start, int end) throws IOException {
      if (first.isEmpty()) {
        var line = FirstLine.of(Arrays.copyOfRange(buffer, start, end));
        first.add(line.orElseThrow(() -> new NoLog(file)));
        tree = line.get().before.tree();
      }
      sha256.of(buffer, start, end - start, prev, 0);
      tree.append(prev);
    }

    /// What is torn began as a line.
    private void checkIsLog(int filled) throws IOException {
      int known = Math.min(filled, BEGINNING.length);
      if (first.isEmpty() && !Arrays.equals(buffer, 0, known, BEGINNING, 0, known)) {
        throw new NoLog(file);
      }
    }

    private void grow() throws IOException {
      if (buffer.length >= LONGEST_LINE) {
        throw new NoLog(file);
      }
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
  }
}
