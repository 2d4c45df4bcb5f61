package io.watchgate.faults;

/// What became of one call. Moments are those of [System#nanoTime()].
///
/// @param intended when it should have been made, from which its latency counts
/// @param sent when it was made
/// @param code of the error, 0 when there is none
/// @param detail what else there is to know
record Outcome(
    String server, long intended, long sent, long ended, Kind kind, int code, String detail) {

  static final int UNAVAILABLE = -32003;
  static final int TIMED_OUT = -32004;
  static final int OVERLOADED = -32006;

  /// How a call can end.
  enum Kind {
    /// With the right answer, once.
    ANSWERED,
    /// With an error.
    REFUSED,
    /// With an answer to something else, or with more than one.
    WRONG,
    /// Nobody accepted the connection.
    UNREACHED,
    /// The connection was closed before a byte came back.
    DROPPED,
    /// The connection was closed within the answer.
    TRUNCATED,
    /// With nothing for 20 s.
    HUNG
  }

  boolean isAnswered() {
    return kind == Kind.ANSWERED;
  }

  boolean isRefused(int with) {
    return kind == Kind.REFUSED && code == with;
  }

  /// Whether the client knows for sure what happened.
  boolean isClean() {
    return kind == Kind.ANSWERED || kind == Kind.REFUSED;
  }

  double latencyMillis() {
    return (ended - intended) / 1e6;
  }

  double tookMillis() {
    return (ended - sent) / 1e6;
  }

  String label() {
    return switch (kind) {
      case REFUSED -> String.valueOf(code);
      case ANSWERED, WRONG, UNREACHED, DROPPED, TRUNCATED, HUNG -> kind.name();
    };
  }
}
