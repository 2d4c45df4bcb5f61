package io.watchgate.upstream;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// How one MCP server is reached, named and limited: an entry of `proxy.upstreams`.
///
/// @param name unique name, `default` for a single server without one
/// @param prefix what its tool and prompt names start with downstream, `""` for none
/// @param enabled false leaves the server out altogether
/// @param target where the server is
/// @param sessions whose session a call uses
/// @param maxConcurrentRequests calls in flight towards this server, at least 1
/// @param requestTimeout how long one answer may take, restarted by progress
/// @param connectionTimeout how long connecting and the handshake may take
/// @param restart how a lost connection is made again
public record UpstreamSettings(
    String name,
    String prefix,
    boolean enabled,
    Target target,
    SessionScope sessions,
    int maxConcurrentRequests,
    Duration requestTimeout,
    Duration connectionTimeout,
    Restart restart) {

  /// Where a server is.
  public sealed interface Target {}

  /// A child process that speaks MCP on its standard streams.
  ///
  /// @param environment added to the minimal environment, or to the gateway's own one
  /// @param inheritEnvironment true passes on the gateway's whole environment
  public record Command(
      List<String> command,
      Map<String, String> environment,
      boolean inheritEnvironment,
      Path directory)
      implements Target {}

  /// A remote server that speaks streamable HTTP, or the HTTP+SSE transport of 2024-11-05.
  public record Remote(URI url, Map<String, String> headers, Wire wire) implements Target {}

  /// The two HTTP transports of MCP.
  public enum Wire {
    STREAMABLE_HTTP,
    SSE
  }

  /// Whose session a call uses: the calling client's own, or one for all.
  public enum SessionScope {
    PER_CLIENT,
    SHARED
  }

  /// How a lost connection is made again: after `backoff`, doubled each time up to `maxBackoff`.
  ///
  /// @param maxAttempts attempts in a row before the background gives up; a call tries again
  public record Restart(int maxAttempts, Duration backoff, Duration maxBackoff) {}
}
