package io.watchgate;

import io.watchgate.flow.Time;
import io.watchgate.upstream.Transports;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// What a gateway takes from outside, so that a simulation can put its own in place of it.
///
/// @param time by which everything waits
/// @param clock what time it is in the world
/// @param random what nobody can guess
/// @param loops drive connections; end with the gateway
/// @param wiring how servers are reached
/// @param state directory for what outlives the process
record Surroundings(
    Time time,
    InstantSource clock,
    RandomGenerator random,
    EventLoops loops,
    Transports.Wiring wiring,
    Path state)
    implements AutoCloseable {

  /// The machine as it is.
  static Surroundings real() {
    var loops = new EventLoops();
    return new Surroundings(
        Time.REAL,
        InstantSource.system(),
        new SecureRandom(),
        loops,
        Transports.real(loops),
        StateDirectory.of(System.getenv(), System.getProperty("user.home")));
  }

  /// Ends the connections.
  @Override
  public void close() {
    loops.close();
  }
}
