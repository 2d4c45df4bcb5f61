package io.watchgate.audit;

import java.nio.file.Path;
import java.util.Optional;

/// What was found out about a log.
///
/// @param path of the log, or of the one file of it
/// @param isWhole whether that is all of the log
/// @param files that were read
/// @param firstSeq number of its first line
/// @param lastSeq number of the last line that was read; one less than the first when it has none
/// @param head hash of that line, in hexadecimal
/// @param sealed how many lines of the log the newest checkpoint covers that is of them; 0 for none
/// @param fault why it does not verify
public record Verdict(
    Path path,
    boolean isWhole,
    int files,
    long firstSeq,
    long lastSeq,
    String head,
    long sealed,
    Optional<Fault> fault) {

  /// Lines that were read.
  public long lines() {
    return lastSeq - firstSeq + 1;
  }
}
