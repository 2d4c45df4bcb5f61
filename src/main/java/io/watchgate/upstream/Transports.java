package io.watchgate.upstream;

import io.netty.channel.EventLoopGroup;
import io.watchgate.flow.Rejection;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.mcp.Era;
import java.io.IOException;
import java.util.function.Supplier;

/// Makes the transports to one server.
public interface Transports extends AutoCloseable {

  /// How servers are reached: over pipes and the network, or as a simulation likes.
  @FunctionalInterface
  interface Wiring {
    /// The way to one server.
    ///
    /// @throws IOException when TLS cannot be set up
    Transports to(UpstreamSettings settings, Limits limits) throws IOException;
  }

  /// Processes and connections as they are.
  ///
  /// @param loops drive connections to remote servers
  static Wiring real(Supplier<EventLoopGroup> loops) {
    return (settings, limits) -> new RealTransports(settings, limits, loops);
  }

  /// A transport for one session.
  Transport next(Era era) throws Rejection;

  /// Ends what transports have in common.
  @Override
  void close();
}
