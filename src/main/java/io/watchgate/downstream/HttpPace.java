package io.watchgate.downstream;

import java.time.Duration;

/// What one HTTP connection may cost: how many there are, and how long each step may take.
///
/// @param maxConnections open at a time; beyond that, who waits longest for its request gives way,
///   and when nobody does, the next ones are told to come back later
/// @param arrival longest time from the first byte of a request, or from the connection, to the
///   last byte of the request: against clients that send drop by drop
/// @param idle longest time between two requests
/// @param departure longest time that an answer may take to leave, against clients that do not read
/// @param comments time between two comments that keep a stream of events alive
/// @param absence longest time that a client may take to come back for a stream that it lost
record HttpPace(
    int maxConnections,
    Duration arrival,
    Duration idle,
    Duration departure,
    Duration comments,
    Duration absence) {

  static final HttpPace DEFAULT =
      new HttpPace(
          4096,
          Duration.ofSeconds(30),
          Duration.ofMinutes(5),
          Duration.ofMinutes(2),
          Duration.ofSeconds(15),
          Duration.ofSeconds(60));
}
