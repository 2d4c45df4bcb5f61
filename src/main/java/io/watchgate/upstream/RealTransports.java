package io.watchgate.upstream;

import io.netty.channel.EventLoopGroup;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.mcp.Era;
import io.watchgate.upstream.UpstreamSettings.Command;
import io.watchgate.upstream.UpstreamSettings.Remote;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Transports to a child process, or to a server on the network.
final class RealTransports implements Transports {
  private final UpstreamSettings settings;
  private final int maxBytes;
  private final @Nullable RemoteEndpoint endpoint;

  RealTransports(UpstreamSettings settings, Limits limits, Supplier<EventLoopGroup> loops)
      throws IOException {
    this.settings = settings;
    this.maxBytes = limits.maxBytes();
    this.endpoint =
        settings.target() instanceof Remote remote ? new RemoteEndpoint(remote, loops.get()) : null;
  }

  @Override
  public Transport next(Era era) {
    if (settings.target() instanceof Command command) {
      return new StdioTransport(settings.name(), command, maxBytes);
    }
    var url = Objects.requireNonNull(endpoint);
    var patience = settings.connectionTimeout();
    if (era == Era.STATELESS) {
      return new StatelessHttpTransport(url, patience, maxBytes);
    }
    return ((Remote) settings.target()).wire() == Wire.SSE
        ? new SseTransport(url, patience, maxBytes)
        : new StreamableHttpTransport(url, patience, maxBytes);
  }

  @Override
  public void close() {
    if (endpoint != null) {
      endpoint.close();
    }
  }
}
