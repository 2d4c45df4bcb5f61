package io.watchgate.config;

import static io.watchgate.config.Quantities.COUNT;
import static io.watchgate.config.Quantities.QUEUE;
import static io.watchgate.config.Quantities.WAIT;
import static io.watchgate.config.Scalars.options;

import io.watchgate.config.GatewayConfig.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The keys under `proxy`.
final class ProxyKeys {
  static final Key<String> HOST =
      Key.of("host", Locations.host(), "Address the gateway binds.").or("127.0.0.1");
  static final Key<Integer> PORT =
      Key.of("port", Scalars.integer(0, 65535), "Port the gateway binds, 0 for any free one.")
          .or("8787");
  static final Key<String> PATH =
      Key.of(
              "path",
              Scalars.matching("/[A-Za-z0-9._~/-]*", "a path that starts with /"),
              "Path of the streamable HTTP endpoint.")
          .or("/mcp");
  static final Key<List<String>> ALLOWED_ORIGINS =
      Key.of(
              "allowed_origins",
              Groups.listOf(Locations.origin()),
              "Values of Origin that are let in, beyond those of this machine.")
          .or("[]");
  static final Key<List<String>> ALLOWED_HOSTS =
      Key.of(
              "allowed_hosts",
              Groups.listOf(Locations.host()),
              "Values of Host that are let in, beyond those of this machine and host.")
          .or("[]");
  static final Key<List<String>> BEARER_TOKENS =
      Key.of(
              "bearer_tokens",
              Groups.listOf(
                  Scalars.matching("[!-~]+", "a token of visible characters without spaces")),
              "When set, every request must carry one of them. Needed when host is not loopback.")
          .or("[]");
  static final Key<Values> HTTP =
      Key.of(
          "http",
          Section.of(
              "How the gateway listens, for transport http.",
              HOST,
              PORT,
              PATH,
              ALLOWED_ORIGINS,
              ALLOWED_HOSTS,
              BEARER_TOKENS),
          "How the gateway listens, for transport http.");

  static final Key<Duration> CONNECTION_TIMEOUT =
      Key.of("connection_timeout", WAIT, "How long reaching a server may take, handshake included.")
          .or("60s");
  static final Key<Duration> REQUEST_TIMEOUT =
      Key.of("request_timeout", WAIT, "How long one answer may take; progress restarts it.")
          .or("60s");
  static final Key<Duration> MAX_REQUEST_TIMEOUT =
      Key.of("max_request_timeout", WAIT, "How long one answer may take whatever its progress.")
          .or("10m");
  static final Key<Values> TIMEOUTS =
      Key.of(
          "timeouts",
          Section.of(
              "How long things may take.",
              CONNECTION_TIMEOUT,
              REQUEST_TIMEOUT,
              MAX_REQUEST_TIMEOUT),
          "How long things may take; a server's own values win.");

  static final Key<Integer> MAX_CONCURRENT_REQUESTS =
      Key.of("max_concurrent_requests", COUNT, "Calls in flight in the whole gateway.").or("100");
  static final Key<Integer> QUEUE_LENGTH =
      Key.of("queue", QUEUE, "Calls that may wait beyond that; 0 refuses at once.").or("0");
  static final Key<Duration> QUEUE_TIMEOUT =
      Key.of("queue_timeout", WAIT, "How long a call may wait in the queue.").or("5s");
  static final Key<Boolean> ADAPTIVE =
      Key.of(
              "adaptive",
              Scalars.flag(),
              "Whether the limits of servers follow how fast they answer.")
          .or("false");
  static final Key<Integer> MAX_MESSAGE_BYTES =
      Key.of("max_message_bytes", Quantities.size(1024, 1 << 30), "Longest message.").or("16MiB");
  static final Key<Integer> MAX_DEPTH =
      Key.of("max_depth", Scalars.integer(8, 1000), "Deepest nesting of a message.").or("128");
  static final Key<Values> LIMITS =
      Key.of(
          "limits",
          Section.of(
              "How much is let in.",
              MAX_CONCURRENT_REQUESTS,
              QUEUE_LENGTH,
              QUEUE_TIMEOUT,
              ADAPTIVE,
              MAX_MESSAGE_BYTES,
              MAX_DEPTH),
          "How much is let in.");

  static final Key<Transport> TRANSPORT =
      Key.of(
              "transport",
              Scalars.choice(
                  options(Map.entry("stdio", Transport.STDIO), Map.entry("http", Transport.HTTP))),
              "How clients reach the gateway: stdio or http.")
          .or("stdio");
  static final Key<String> SEPARATOR =
      Key.of(
              "separator",
              Scalars.matching("[_.:/-]{1,8}", "1 to 8 of the characters _ . : / -"),
              "What stands between a server's name and a tool's.")
          .or("\"__\"");
  private static final Type<Values> SERVER = Groups.named("upstream", UpstreamKeys.SECTION);
  static final Key<List<Values>> UPSTREAMS =
      Key.of("upstreams", Groups.oneOrMore(SERVER), "The servers, in their order.");
  static final Key<Values> UPSTREAM =
      Key.of("upstream", SERVER, "Old form of upstreams for a single server.");

  static final Section SECTION =
      Section.of(
              "The gateway itself.",
              TRANSPORT,
              HTTP,
              SEPARATOR,
              TIMEOUTS,
              LIMITS,
              UPSTREAMS,
              UPSTREAM)
          .hint("plugins", "it belongs at the top level, not under proxy")
          .hint("logging", "it belongs at the top level, not under proxy")
          .hint("admin", "it belongs at the top level, not under proxy");

  private ProxyKeys() {}
}
