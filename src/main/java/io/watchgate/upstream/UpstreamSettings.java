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
/// @param pool how many sessions there may be, and who waits for one how long
/// @param retry how calls that may be repeated are repeated
/// @param circuitBreaker when the server is left alone for a while
public record UpstreamSettings(
    String name,
    String prefix,
    boolean enabled,
    Target target,
    SessionScope sessions,
    int maxConcurrentRequests,
    Duration requestTimeout,
    Duration connectionTimeout,
    Restart restart,
    Pool pool,
    Retry retry,
    CircuitBreaker circuitBreaker) {

  /// The same server under other names downstream.
  public UpstreamSettings withPrefix(String other) {
    return new UpstreamSettings(
        name,
        other,
        enabled,
        target,
        sessions,
        maxConcurrentRequests,
        requestTimeout,
        connectionTimeout,
        restart,
        pool,
        retry,
        circuitBreaker);
  }

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

  /// The sessions with a server that are kept and shared out.
  ///
  /// @param max open at once, at least 1
  /// @param queue calls that may wait for one beyond that
  /// @param queueTimeout how long a call may wait for one
  /// @param idleTimeout how long an unused one is kept
  public record Pool(int max, int queue, Duration queueTimeout, Duration idleTimeout) {
    public static final Pool DEFAULT =
        new Pool(10, 100, Duration.ofSeconds(5), Duration.ofMinutes(5));
  }

  /// How calls that may be repeated are: after `backoff`, doubled each time up to `maxBackoff`.
  ///
  /// @param maxAttempts of one call, the first included; 1 repeats nothing
  /// @param jitter part of each wait that is random, from 0 to 1
  /// @param budget most repeats as a share of all calls, from 0 to 1
  public record Retry(
      int maxAttempts, Duration backoff, Duration maxBackoff, double jitter, double budget) {
    public static final Retry DEFAULT =
        new Retry(3, Duration.ofMillis(100), Duration.ofSeconds(5), 0.5, 0.2);
  }

  /// When a server that keeps failing is left alone.
  ///
  /// @param failureThreshold failures in a row that open the circuit, at least 1
  /// @param recoveryTimeout how long it stays open
  /// @param halfOpenRequests calls at once that then try the server, at least 1
  public record CircuitBreaker(
      int failureThreshold, Duration recoveryTimeout, int halfOpenRequests) {
    public static final CircuitBreaker DEFAULT = new CircuitBreaker(5, Duration.ofSeconds(60), 1);
  }
}
