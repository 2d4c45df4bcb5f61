package io.watchgate.audit;

import java.io.IOException;
import java.nio.file.Path;

/// Why a log does not verify, and where that shows first.
///
/// @param file in which it shows
/// @param line of the file, from 1
/// @param seq number of the line in the log; 0 where the place is in no line of the log
/// @param what is wrong
/// @param means what must have happened
/// @param advice what to do
public record Fault(Path file, long line, long seq, String what, String means, String advice) {
  private static final String KEEP =
      "keep the files as they are, compare them with a copy or with checkpoints kept elsewhere;"
          + " every line before this one is sound";

  /// A line of a file of a log.
  record Place(Path file, long line, long seq) {
    Fault fault(String what, String means) {
      return new Fault(file, line, seq, what, means, KEEP);
    }

    Fault notALine(boolean whole) {
      return whole
          ? fault(
              "it is no line of an audit log: a line begins with {\"seq\": and ends with its prev",
              "it was changed, or something else wrote into the file")
          : fault(
              "it does not end, or is longer than any line of an audit log",
              "the file was cut there, by a crash or by hand; a gateway that starts with the log"
                  + " cuts what is left of such a line and records that");
    }

    Fault outOfOrder(long expected, long found) {
      return found > expected
          ? fault(
              "it has the number %d where %d should stand".formatted(found, expected),
              "%d lines before it were deleted".formatted(found - expected))
          : fault(
              "it has the number %d where %d should stand".formatted(found, expected),
              "lines were inserted, repeated or swapped");
    }

    Fault changed() {
      return fault(
          "its bytes do not fit what the lines around it say of them",
          "it was changed after it was written, or it was put in the place of another");
    }

    Fault noBeginning() {
      return fault(
          "the log begins here, and no audit/removed record says what became of lines 1 to %d"
              .formatted(seq - 1),
          "the first lines or files of the log were removed, and not by the gateway");
    }

    Fault otherFirst(long named) {
      return fault(
          "the name of its file says that line %d is the first".formatted(named),
          "the file was renamed, or lines were deleted at its beginning");
    }

    Fault otherTree() {
      return fault(
          "what it should say of all lines before it (tree) is not so, or missing",
          "this line, or all lines before it together, were written anew");
    }

    Fault shortened(String time) {
      return fault(
          "it says that signed lines were missing when the gateway started (%s)".formatted(time),
          "the end of the log was cut off between two runs of the gateway");
    }

    Fault rewritten(long after) {
      return fault(
          "lines %d to %d are not those that a checkpoint was signed over"
              .formatted(after + 1, seq),
          after + 1 == seq
              ? "the line was changed after it was written"
              : "the last one was changed, or several were written anew with all links between"
                  + " them");
    }

    Fault cut(long signed) {
      return fault(
          "the log ends with line %d, and a checkpoint was signed over %d lines"
              .formatted(seq, signed),
          "%d lines at the end were cut off".formatted(signed - seq));
    }

    Fault unreadable(IOException reason) {
      return fault(
          "what follows it cannot be decompressed: " + reason.getMessage(),
          "the file was changed or cut; its lines up to there are sound");
    }
  }

  static Fault noCheckpoint(CheckpointFile.Entry entry, String what) {
    return new Fault(
        entry.file(),
        entry.line(),
        0,
        what,
        "somebody changed the checkpoints, or wrote some without the gateway's key",
        "compare them with a copy kept elsewhere; was the key replaced, name each with --key");
  }

  static Fault noCheckpoints(LogFiles log) {
    return new Fault(
        log.checkpoints(),
        0,
        0,
        "the log has no checkpoint",
        "the checkpoints were removed, or the gateway never wrote any",
        "put them back from a copy, or name a copy with --checkpoints");
  }
}
