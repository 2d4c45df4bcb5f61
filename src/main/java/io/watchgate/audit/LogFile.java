package io.watchgate.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.zip.GZIPInputStream;

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

  /// Its lines as they were written.
  InputStream open() throws IOException {
    var in = Files.newInputStream(path);
    return isCompressed() ? new GZIPInputStream(in, BUFFER) : in;
  }
}
