package io.watchgate.simulation;

import java.time.Duration;

/// How a simulated server behaves.
///
/// @param era what it speaks
/// @param exchanges whether each request is answered on its own exchange, as over HTTP
/// @param slowest the longest that an ordinary answer takes
/// @param trouble the part of calls that do not just get an answer
/// @param crashes the part of calls that end the server
record Temper(Eras era, boolean exchanges, Duration slowest, double trouble, double crashes) {
  /// Which eras a server speaks.
  enum Eras {
    HANDSHAKE,
    STATELESS,
    BOTH
  }

  boolean shakesHands() {
    return era != Eras.STATELESS;
  }

  boolean isStateless() {
    return era != Eras.HANDSHAKE;
  }

  /// From now on all goes well.
  Temper calm() {
    return new Temper(era, exchanges, slowest, 0, 0);
  }
}
