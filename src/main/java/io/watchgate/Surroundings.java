package io.watchgate;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.watchgate.flow.Time;
import io.watchgate.upstream.Transports;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// What a gateway takes from outside, so that a simulation can put its own in place of it.
///
/// @param time by which everything waits
/// @param clock what time it is in the world
/// @param random what nobody can guess
/// @param loops drives connections; ends with the gateway
/// @param wiring how servers are reached
/// @param state directory for what outlives the process
record Surroundings(
    Time time,
    InstantSource clock,
    RandomGenerator random,
    EventLoopGroup loops,
    Transports.Wiring wiring,
    Path state)
    implements AutoCloseable {
  private static final int EVENT_LOOPS = Math.max(1, Runtime.getRuntime().availableProcessors());

  /// Netty takes the stack traces of some buffers, to tell who did not give one back: for tests.
  private static final String LEAKS = "io.netty.leakDetection.level";

  /// The machine as it is.
  static Surroundings real() {
    if (System.getProperty(LEAKS) == null) {
      System.setProperty(LEAKS, "disabled");
    }
    var loops =
        new MultiThreadIoEventLoopGroup(
            EVENT_LOOPS, new DefaultThreadFactory("io", true), NioIoHandler.newFactory());
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
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
