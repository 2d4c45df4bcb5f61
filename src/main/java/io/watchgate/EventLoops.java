package io.watchgate;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What drives connections, made when the first one is wanted: a gateway that speaks to its client
/// and its servers by pipes needs none, and starts sooner.
final class EventLoops implements Supplier<EventLoopGroup>, AutoCloseable {
  private static final int COUNT = Math.max(1, Runtime.getRuntime().availableProcessors());

  /// Netty takes the stack traces of some buffers, to tell who did not give one back: for tests.
  private static final String LEAKS = "io.netty.leakDetection.level";

  private @Nullable EventLoopGroup made;

  @Override
  public synchronized EventLoopGroup get() {
    var group = made == null ? make() : made;
    made = group;
    return group;
  }

  private static EventLoopGroup make() {
    if (System.getProperty(LEAKS) == null) {
      System.setProperty(LEAKS, "disabled");
    }
    return new MultiThreadIoEventLoopGroup(
        COUNT, new DefaultThreadFactory("io", true), NioIoHandler.newFactory());
  }

  /// Ends the connections.
  @Override
  public synchronized void close() {
    if (made != null) {
      made.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }
}
