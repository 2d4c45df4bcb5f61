package io.watchgate.audit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// One file of a log.
///
/// @param firstSeq number of its first line, as its name says; empty for the file that is written
///   to
record LogFile(Path path, OptionalLong firstSeq) {
  static final String ENDING = ".jsonl";
  static final String COMPRESSED = ".gz";

  private static final int SEQ_DIGITS = 12;
  private static final int BUFFER = 64 * 1024;

  /// A file as its name says, be it closed or written to.
  static LogFile of(Path path) {
    var plain = withoutSuffix(path.getFileName().toString(), COMPRESSED);
    var stem = withoutSuffix(plain, ENDING);
    int dash = stem.length() - SEQ_DIGITS - 1;
    boolean closed =
        plain.endsWith(ENDING)
            && dash > 0
            && stem.charAt(dash) == '-'
            && stem.chars().skip(dash + 1).allMatch(c -> c >= '0' && c <= '9');
    return new LogFile(
        path,
        closed ? OptionalLong.of(Long.parseLong(stem.substring(dash + 1))) : OptionalLong.empty());
  }

  static String withoutSuffix(String name, String suffix) {
    return name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
  }

  /// What a closed file is called before it is compressed.
  static String closedName(String stem, long firstSeq) {
    var digits = Long.toString(firstSeq);
    return stem + "-" + "0".repeat(Math.max(0, SEQ_DIGITS - digits.length())) + digits + ENDING;
  }

  boolean isClosed() {
    return firstSeq.isPresent();
  }

  boolean isCompressed() {
    return path.toString().endsWith(COMPRESSED);
  }

  /// What all files of the log have in their names.
  String stem() {
    var name = withoutSuffix(withoutSuffix(path.getFileName().toString(), COMPRESSED), ENDING);
    return isClosed() ? name.substring(0, name.length() - SEQ_DIGITS - 1) : name;
  }

  /// Its lines as they were written. A file that is being compressed meanwhile is found under its
  /// new name.
  ///
  /// @param read is told how many more bytes of the file were read
  InputStream open(LongConsumer read) throws IOException {
    try {
      return decompressed(path, read);
    } catch (NoSuchFileException gone) {
      if (isClosed() && !isCompressed()) {
        return decompressed(LogFiles.compressed(path), read);
      }
      throw gone;
    }
  }

  private static InputStream decompressed(Path path, LongConsumer read) throws IOException {
    var in = new Counted(Files.newInputStream(path), read);
    return path.toString().endsWith(COMPRESSED) ? new Decompressed(in) : in;
  }

  /// Begins to decompress when it is read, so that who reads meets what is wrong.
  private static final class Decompressed extends InputStream {
    private final InputStream in;
    private @Nullable InputStream gzip;

    private Decompressed(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int start, int length) throws IOException {
      if (gzip == null) {
        gzip = new GZIPInputStream(in, BUFFER);
      }
      return gzip.read(target, start, length);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /// Tells how much was read.
  private static final class Counted extends FilterInputStream {
    private final LongConsumer read;

    private Counted(InputStream in, LongConsumer read) {
      super(in);
      this.read = read;
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      read.accept(one < 0 ? 0 : 1);
      return one;
    }

    @Override
    public int read(byte[] target, int start, int length) throws IOException {
      int more = super.read(target, start, length);
      read.accept(Math.max(0, more));
      return more;
    }
  }
}
