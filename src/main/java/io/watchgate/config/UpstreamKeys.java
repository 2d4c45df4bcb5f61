package io.watchgate.config;

import static io.watchgate.config.Quantities.COUNT;
import static io.watchgate.config.Quantities.QUEUE;
import static io.watchgate.config.Quantities.WAIT;
import static io.watchgate.config.Scalars.options;

import io.watchgate.upstream.UpstreamSettings.SessionScope;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The keys of one entry of `proxy.upstreams`.
final class UpstreamKeys {
  static final String NAME_PATTERN = "[A-Za-z][A-Za-z0-9_-]{0,62}";
  static final String HEADER_NAME_PATTERN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  static final String VARIABLE_PATTERN = "[^=\\x00]+";

  /// How the gateway speaks to one server.
  enum Channel {
    STDIO,
    HTTP,
    SSE
  }

  private static final Type<Integer> ATTEMPTS = Scalars.integer(0, 1000);

  static final Key<String> NAME =
      Key.of(
          "name",
          Scalars.matching(
              NAME_PATTERN, "a name of 1 to 63 letters, digits, _ and - that starts with a letter"),
          "Unique name; needed when there are two or more, otherwise default.");
  static final Key<Channel> TRANSPORT =
      Key.of(
          "transport",
          Scalars.choice(
              options(
                  Map.entry("stdio", Channel.STDIO),
                  Map.entry("http", Channel.HTTP),
                  Map.entry("sse", Channel.SSE))),
          "stdio with command; http (streamable) or sse (the old one) with url.");
  static final Key<List<String>> COMMAND =
      Key.of(
          "command",
          Groups.listOf(Scalars.matching("[^\\x00]*", "a text"), 1),
          "Program and arguments of a server that runs as a child process.");
  static final Key<Map<String, String>> ENV =
      Key.of(
          "env",
          Groups.mapOf(
              VARIABLE_PATTERN,
              "the name of an environment variable",
              Scalars.matching("[^\\x00]*", "a text")),
          "Variables added to PATH, HOME, LANG, TMPDIR and USER, or to the gateway's own.");
  static final Key<Boolean> INHERIT_ENV =
      Key.of("inherit_env", Scalars.flag(), "Whether the child gets the gateway's environment.")
          .or("false");
  static final Key<Path> CWD =
      Key.of("cwd", Locations.directory(), "Working directory of the child.");
  static final Key<URI> URL = Key.of("url", Locations.url(), "Address of a remote server.");
  static final Key<Map<String, String>> HEADERS =
      Key.of(
          "headers",
          Groups.mapOf(
              HEADER_NAME_PATTERN,
              "the name of an HTTP header",
              Scalars.matching(
                  "[\\t\\x20-\\x7e\\x80-\\xff]*",
                  "a text without line breaks and control characters")),
          "Headers sent with every request to the server.");
  static final Key<String> PREFIX =
      Key.of(
          "prefix",
          Scalars.matching("[A-Za-z0-9_.:/-]{0,64}", "up to 64 letters, digits and _ . : / -"),
          "What the server's tool and prompt names start with. Default: name and separator,"
              + " nothing when it is the only one.");
  static final Key<Boolean> ENABLED =
      Key.of("enabled", Scalars.flag(), "false leaves the server out.").or("true");
  static final Key<SessionScope> SESSIONS =
      Key.of(
              "sessions",
              Scalars.choice(
                  options(
                      Map.entry("per_client", SessionScope.PER_CLIENT),
                      Map.entry("shared", SessionScope.SHARED))),
              "Whether every client has a session of its own, or all share one.")
          .or("per_client");
  static final Key<Integer> MAX_CONCURRENT_REQUESTS =
      Key.of("max_concurrent_requests", COUNT, "Calls in flight towards this server.").or("100");
  static final Key<Duration> REQUEST_TIMEOUT =
      Key.of("request_timeout", WAIT, "Wins over proxy.timeouts.request_timeout.");
  static final Key<Duration> CONNECTION_TIMEOUT =
      Key.of("connection_timeout", WAIT, "Wins over proxy.timeouts.connection_timeout.");

  static final Key<Integer> RESTART_ATTEMPTS =
      Key.of("max_attempts", ATTEMPTS, "Attempts in a row before the background gives up.").or("3");
  static final Key<Duration> RESTART_BACKOFF =
      Key.of("backoff", WAIT, "Wait before the first attempt, doubled each time.").or("500ms");
  static final Key<Duration> RESTART_MAX_BACKOFF =
      Key.of("max_backoff", WAIT, "Longest wait between two attempts.").or("30s");
  static final Key<Values> RESTART =
      section(
          "restart",
          "How a lost connection is made again.",
          RESTART_ATTEMPTS,
          RESTART_BACKOFF,
          RESTART_MAX_BACKOFF);
  static final Key<Boolean> RESTART_ON_FAILURE =
      Key.of("restart_on_failure", Scalars.flag(), "Gatekit: false means restart.max_attempts: 0.");
  static final Key<Integer> MAX_RESTART_ATTEMPTS =
      Key.of("max_restart_attempts", ATTEMPTS, "Gatekit: the same as restart.max_attempts.");
  static final Key<String> SERVER_IDENTITY =
      Key.of("server_identity", Scalars.anyText(), "Gatekit's note of what the server is called.");

  static final Key<Integer> POOL_MAX = Key.of("max", COUNT, "Most sessions at once.").or("10");
  static final Key<Integer> POOL_QUEUE =
      Key.of("queue", QUEUE, "Calls that may wait for one.").or("100");
  static final Key<Duration> POOL_QUEUE_TIMEOUT =
      Key.of("queue_timeout", WAIT, "How long a call may wait for one.").or("5s");
  static final Key<Duration> POOL_IDLE_TIMEOUT =
      Key.of("idle_timeout", WAIT, "When an unused one is closed.").or("5m");
  static final Key<Values> POOL =
      section(
          "pool",
          "Sessions with this server that are kept and shared out.",
          POOL_MAX,
          POOL_QUEUE,
          POOL_QUEUE_TIMEOUT,
          POOL_IDLE_TIMEOUT);

  static final Key<Integer> RETRY_ATTEMPTS =
      Key.of("max_attempts", Scalars.integer(1, 100), "Attempts, the first included.").or("3");
  static final Key<Duration> RETRY_BACKOFF =
      Key.of("backoff", WAIT, "Wait before the second attempt, doubled each time.").or("100ms");
  static final Key<Duration> RETRY_MAX_BACKOFF =
      Key.of("max_backoff", WAIT, "Longest wait between two attempts.").or("5s");
  static final Key<Double> RETRY_JITTER =
      Key.of("jitter", Scalars.number(0, 1), "Part of each wait that is random.").or("0.5");
  static final Key<Double> RETRY_BUDGET =
      Key.of("budget", Quantities.share(), "Most repeats, as a share of all calls.").or("20%");
  static final Key<Values> RETRY =
      section(
          "retry",
          "How calls that may be repeated are repeated.",
          RETRY_ATTEMPTS,
          RETRY_BACKOFF,
          RETRY_MAX_BACKOFF,
          RETRY_JITTER,
          RETRY_BUDGET);

  static final Key<Integer> FAILURE_THRESHOLD =
      Key.of("failure_threshold", COUNT, "Failures in a row that open the circuit.").or("5");
  static final Key<Duration> RECOVERY_TIMEOUT =
      Key.of("recovery_timeout", WAIT, "How long the circuit stays open.").or("60s");
  static final Key<Integer> HALF_OPEN_REQUESTS =
      Key.of("half_open_requests", COUNT, "Calls that then try the server.").or("1");
  static final Key<Values> CIRCUIT_BREAKER =
      section(
          "circuit_breaker",
          "When a server that keeps failing is left alone for a while.",
          FAILURE_THRESHOLD,
          RECOVERY_TIMEOUT,
          HALF_OPEN_REQUESTS);

  /// What is read and checked, and does nothing yet.
  static final List<Key<?>> INACTIVE = List.of(SERVER_IDENTITY);

  static final Section SECTION =
      Section.of(
              "One MCP server.",
              NAME,
              TRANSPORT,
              COMMAND,
              ENV,
              INHERIT_ENV,
              CWD,
              URL,
              HEADERS,
              PREFIX,
              ENABLED,
              SESSIONS,
              MAX_CONCURRENT_REQUESTS,
              REQUEST_TIMEOUT,
              CONNECTION_TIMEOUT,
              RESTART,
              RESTART_ON_FAILURE,
              MAX_RESTART_ATTEMPTS,
              SERVER_IDENTITY,
              POOL,
              RETRY,
              CIRCUIT_BREAKER)
          .hint("args", "arguments belong into command, after the program")
          .hint("disabled", "write enabled: false")
          .hint("timeouts", "write request_timeout and connection_timeout right here")
          .hint("plugins", "write plugins.<category>.<name of the server> at the top level");

  private UpstreamKeys() {}

  private static Key<Values> section(String name, String description, Key<?>... keys) {
    return Key.of(name, Section.of(description, keys), description);
  }
}
