package io.watchgate.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.admin.AdminSettings;
import io.watchgate.config.GatewayConfig.Logging;
import io.watchgate.config.GatewayConfig.Transport;
import io.watchgate.downstream.HttpSettings;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.resilience.ConcurrencySettings;
import io.watchgate.upstream.UpstreamSettings;
import io.watchgate.upstream.UpstreamSettings.CircuitBreaker;
import io.watchgate.upstream.UpstreamSettings.Command;
import io.watchgate.upstream.UpstreamSettings.Pool;
import io.watchgate.upstream.UpstreamSettings.Remote;
import io.watchgate.upstream.UpstreamSettings.Restart;
import io.watchgate.upstream.UpstreamSettings.Retry;
import io.watchgate.upstream.UpstreamSettings.SessionScope;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  /// The example of the user's contract, word for word.
  static final String WHOLE =
      """
      proxy:
        transport: http            # stdio | http: how clients reach the gateway
        http:                      # only for http
          host: 127.0.0.1
          port: 8787
          path: /mcp
          allowed_origins: []      # beyond loopback
          allowed_hosts: []        # beyond loopback and `host`
          bearer_tokens: []        # when set, every request must carry one
        separator: "__"
        timeouts:
          connection_timeout: 60s  # a plain number means seconds
          request_timeout: 60s             # restarted by progress, up to max_request_timeout
          max_request_timeout: 10m
        limits:
          max_concurrent_requests: 100     # in flight, whole gateway
          queue: 0                         # waiting beyond that; 0 refuses at once
          queue_timeout: 5s
          max_message_bytes: 16MiB
          max_depth: 128
        upstreams:
          - name: files                      # no separator in it, unique
            command: ["npx", "-y", "@modelcontextprotocol/server-filesystem", "/data"]
            env: {TOKEN: "${env:TOKEN}"}     # added to a minimal environment
            inherit_env: false
            cwd: .
          - name: search
            url: https://example.com/mcp     # transport http (streamable) is inferred
            headers: {Authorization: "Bearer ${file:token.txt}"}
            prefix: "search__"
            enabled: true
            sessions: per_client             # per_client | shared
            max_concurrent_requests: 100     # towards this upstream
            request_timeout: 30s
            connection_timeout: 10s
            pool: {max: 10, queue: 100, queue_timeout: 5s, idle_timeout: 5m}
            retry: {max_attempts: 3, backoff: 100ms, max_backoff: 5s, jitter: 0.5, budget: 20%}
            circuit_breaker: {failure_threshold: 5, recovery_timeout: 60s, half_open_requests: 1}
            restart: {max_attempts: 3, backoff: 500ms, max_backoff: 30s}
      plugins:
        security:   {_global: [{handler: pii, config: {action: redact}}], files: []}
        middleware: {files: [{handler: tool_manager, config: {tools: [{tool: read_file}]}}]}
        auditing:   {_global: [{handler: audit_jsonl, config: {output_file: logs/audit.jsonl}}]}
      admin:    {enabled: false, host: 127.0.0.1, port: 8788}
      logging:  {level: INFO, handlers: [stderr], file_path: logs/watchgate.log, format: text}
      """;

  private static final Restart RESTART =
      new Restart(3, Duration.ofMillis(500), Duration.ofSeconds(30));

  @TempDir Path directory;
  private ConfigFiles files;

  @BeforeEach
  void setUp() {
    files = new ConfigFiles(directory);
  }

  @Test
  void theWholeExampleLoads() {
    files = new ConfigFiles(directory, Map.of("TOKEN", "secret"));
    files.write("token.txt", "abc\n");
    var config = files.load(WHOLE);

    assertThat(config.transport()).isEqualTo(Transport.HTTP);
    assertThat(config.http())
        .isEqualTo(new HttpSettings("127.0.0.1", 8787, "/mcp", List.of(), List.of(), List.of()));
    assertThat(config.separator()).isEqualTo("__");
    assertThat(config.maxRequestTimeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.concurrency())
        .isEqualTo(new ConcurrencySettings(100, 0, Duration.ofSeconds(5)));
    assertThat(config.adaptiveLimits()).isFalse();
    assertThat(config.limits()).isEqualTo(Limits.DEFAULT);
    assertThat(config.admin()).isEqualTo(new AdminSettings(false, "127.0.0.1", 8788));
    assertThat(config.logging())
        .isEqualTo(new Logging("INFO", true, Optional.empty(), 10, 5, false));
    assertThat(config.inactive()).isEmpty();
    assertThat(config.upstreams())
        .containsExactly(
            new UpstreamSettings(
                "files",
                "files__",
                true,
                new Command(
                    List.of("npx", "-y", "@modelcontextprotocol/server-filesystem", "/data"),
                    Map.of("TOKEN", "secret"),
                    false,
                    directory),
                SessionScope.PER_CLIENT,
                100,
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                RESTART,
                Pool.DEFAULT,
                Retry.DEFAULT,
                CircuitBreaker.DEFAULT),
            new UpstreamSettings(
                "search",
                "search__",
                true,
                new Remote(
                    URI.create("https://example.com/mcp"),
                    Map.of("Authorization", "Bearer abc"),
                    Wire.STREAMABLE_HTTP),
                SessionScope.PER_CLIENT,
                100,
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                RESTART,
                Pool.DEFAULT,
                Retry.DEFAULT,
                CircuitBreaker.DEFAULT));
  }

  @Test
  void everythingButOneServerHasADefault() {
    var config = files.load("proxy: {upstreams: [{command: [server]}]}");

    assertThat(config.transport()).isEqualTo(Transport.STDIO);
    assertThat(config.http().port()).isEqualTo(8787);
    assertThat(config.limits()).isEqualTo(Limits.DEFAULT);
    assertThat(config.inactive()).isEmpty();
    var upstream = config.upstreams().getFirst();
    assertThat(upstream.name()).isEqualTo("default");
    assertThat(upstream.prefix()).isEmpty();
    assertThat(upstream.restart()).isEqualTo(RESTART);
    assertThat(upstream.target())
        .isEqualTo(new Command(List.of("server"), Map.of(), false, Path.of("").toAbsolutePath()));
  }

  @Test
  void oneServerMayBeWrittenInThreeForms() {
    var list = files.load("proxy: {upstreams: [{name: a, command: [server]}]}");
    assertThat(files.load("proxy: {upstreams: {name: a, command: [server]}}")).isEqualTo(list);
    assertThat(files.load("proxy: {upstream: {name: a, command: [server]}}")).isEqualTo(list);
  }

  @Test
  void aServerAloneHasNoPrefixAndSeveralHaveTheirNames() {
    var two =
        "proxy: {separator: '-', upstreams: [{name: a, url: http://a}, {name: b, url: http://b";
    assertThat(prefixes(files.load(two + "}]}"))).containsExactly("a-", "b-");
    assertThat(prefixes(files.load(two + ", prefix: x}]}"))).containsExactly("a-", "x");
    assertThat(prefixes(files.load(two + ", prefix: ''}]}"))).containsExactly("a-", "");
    assertThat(prefixes(files.load(two + ", enabled: false}]}"))).containsExactly("", "b-");
  }

  private static List<String> prefixes(GatewayConfig config) {
    return config.upstreams().stream().map(UpstreamSettings::prefix).toList();
  }

  @Test
  void transportIsInferredUnlessItIsTheOldOne() {
    assertThat(wire("url: http://a")).isEqualTo(Wire.STREAMABLE_HTTP);
    assertThat(wire("{url: http://a, transport: http}")).isEqualTo(Wire.STREAMABLE_HTTP);
    assertThat(wire("{url: HTTPS://a, transport: sse}")).isEqualTo(Wire.SSE);
  }

  private Wire wire(String server) {
    var config = files.load("proxy:\n  upstream:\n    " + server);
    return ((Remote) config.upstreams().getFirst().target()).wire();
  }

  @Test
  void durationsAndSizesTakeUnitsAndPlainNumbers() {
    var config =
        files.load(
            """
            proxy:
              timeouts: {connection_timeout: 1.5, request_timeout: 1m30s, max_request_timeout: 2h}
              limits: {queue_timeout: 250ms, max_message_bytes: 512KB, queue: 0x10}
              upstream: {url: http://a}
            """);
    var upstream = config.upstreams().getFirst();
    assertThat(upstream.connectionTimeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(upstream.requestTimeout()).isEqualTo(Duration.ofSeconds(90));
    assertThat(config.maxRequestTimeout()).isEqualTo(Duration.ofHours(2));
    assertThat(config.concurrency().queueTimeout()).isEqualTo(Duration.ofMillis(250));
    assertThat(config.concurrency().queue()).isEqualTo(16);
    assertThat(config.limits().maxBytes()).isEqualTo(512_000);
    assertThat(maxBytes("65536")).isEqualTo(65_536);
    assertThat(maxBytes("1.5 MiB")).isEqualTo(3 << 19);
    assertThat(maxBytes("1gib")).isEqualTo(1 << 30);
  }

  private int maxBytes(String written) {
    var limits = "limits: {max_message_bytes: " + written + "}";
    return files.load("proxy: {" + limits + ", upstream: {url: http://a}}").limits().maxBytes();
  }

  @Test
  void theLongestTimeIsNeverShorterThanWhatAServerMayTake() {
    var config =
        files.load("proxy: {timeouts: {request_timeout: 3600}, upstream: {url: http://a}}");
    assertThat(config.maxRequestTimeout()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void theUsualTimeGivesWayToAShorterLongestTime() {
    var config =
        files.load("proxy: {timeouts: {max_request_timeout: 5s}, upstream: {url: http://a}}");
    assertThat(config.upstreams().getFirst().requestTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.maxRequestTimeout()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void gatekitsRestartKeysMeanTheirNewOnes() {
    assertThat(restart("restart_on_failure: false").maxAttempts()).isZero();
    assertThat(restart("max_restart_attempts: 7").maxAttempts()).isEqualTo(7);
    assertThat(restart("restart: {max_attempts: 9}").maxAttempts()).isEqualTo(9);
    assertThat(restart("restart: {backoff: 1m}"))
        .isEqualTo(new Restart(3, Duration.ofMinutes(1), Duration.ofMinutes(1)));
    assertThat(restart("restart: {max_backoff: 10ms}"))
        .isEqualTo(new Restart(3, Duration.ofMillis(10), Duration.ofMillis(10)));
  }

  @Test
  void aPauseThatIsNotWrittenGivesWayToOneThatIs() {
    var retry = "proxy: {upstream: {url: http://a, retry: {backoff: 1m}}}";
    assertThat(files.load(retry).upstreams().getFirst().retry())
        .isEqualTo(new Retry(3, Duration.ofMinutes(1), Duration.ofMinutes(1), 0.5, 0.2));
  }

  private Restart restart(String keys) {
    return files
        .load("proxy: {upstream: {url: http://a, " + keys + "}}")
        .upstreams()
        .getFirst()
        .restart();
  }

  @Test
  void pathsAreRelativeToTheFile() {
    files = new ConfigFiles(directory, Map.of("HOME", "/home/me"));
    files.write("bin/server", "");
    var config =
        files.load(
            """
            proxy: {upstreams: {command: [./bin/server, ./data], cwd: bin}}
            logging: {handlers: [file], file_path: ~/log/gateway.log}
            """);
    var command = (Command) config.upstreams().getFirst().target();
    assertThat(command.command()).containsExactly(directory + "/bin/server", "./data");
    assertThat(command.directory()).isEqualTo(directory.resolve("bin"));
    assertThat(config.logging().file()).contains(Path.of("/home/me/log/gateway.log"));
    assertThat(config.logging().toStderr()).isFalse();
  }

  @Test
  void logLevelsOfGatekitAreKnownInAnyCase() {
    assertThat(level("warning")).isEqualTo("WARN");
    assertThat(level("Critical")).isEqualTo("ERROR");
    assertThat(level("debug")).isEqualTo("DEBUG");
  }

  private String level(String level) {
    return files
        .load("proxy: {upstream: {url: http://a}}\nlogging: {level: " + level + "}")
        .logging()
        .level();
  }

  @Test
  void formatStringsOfPythonMeanTextAndAreSaidToDoNothing() {
    var config =
        files.load(
            """
            proxy: {upstream: {url: http://a, server_identity: x}}
            logging: {format: "%(asctime)s", date_format: "%H:%M", max_file_size_mb: 0.5}
            """);
    assertThat(config.logging().json()).isFalse();
    assertThat(config.logging().maxFileSizeMegabytes()).isEqualTo(1);
    assertThat(config.inactive())
        .containsExactly(
            "proxy.upstreams[default].server_identity", "logging.format", "logging.date_format");
  }

  @Test
  void keysWithNothingAfterThemCountAsNotWritten() {
    var config =
        files.load(
            """
            proxy:
              http:
              timeouts:
                request_timeout:
              upstreams:
                - {name: a, command: [x], pool: null, env: ~}
            plugins:
            """);
    assertThat(config.inactive()).isEmpty();
    assertThat(config.upstreams().getFirst().requestTimeout()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void aGatewayBeyondLoopbackNeedsAToken() {
    var text = "proxy: {transport: http, http: {host: %s}, upstream: {url: http://a}}";
    for (var host : List.of("localhost", "127.0.0.9", "'::1'", "'[::1]'")) {
      assertThat(files.load(text.formatted(host)).transport()).isEqualTo(Transport.HTTP);
    }
    assertThat(files.problems(text.formatted("0.0.0.0")))
        .containsExactly(
            "watchgate.yaml:1:39: proxy.http.host: the host 0.0.0.0 is not loopback, so"
                + " proxy.http.bearer_tokens must hold at least one token");
    assertThat(files.problems(text.formatted("0.0.0.0, bearer_tokens: []"))).hasSize(1);
    var open = files.load(text.formatted("0.0.0.0, bearer_tokens: [abc]"));
    assertThat(open.http().bearerTokens()).containsExactly("abc");
  }

  @Test
  void referencesAreReplacedInAnyKindOfValue() {
    files =
        new ConfigFiles(
            directory,
            Map.of("PORT", "9000", "ON", "true", "EMPTY", "", "WAIT", "7d", "NESTED", "${env:ON}"));
    files.write("secrets/token", "t0ken\n\n");
    var config =
        files.load(
            """
            proxy:
              transport: ${env:MODE:-http}
              http: {port: "${env:PORT}", bearer_tokens: ["${file:secrets/token}"]}
              timeouts: {request_timeout: "${env:WAIT}", connection_timeout: "${env:NO:-3}"}
              limits: {max_message_bytes: "${env:SIZE:-1MiB}"}
              upstream:
                command:
                  [run, "a-${env:EMPTY:-b}-${env:EMPTY}-c", "${env:NESTED}", "$${env:X} ${X}"]
            admin: {enabled: "${env:ON}"}
            """);
    assertThat(config.transport()).isEqualTo(Transport.HTTP);
    assertThat(config.http().port()).isEqualTo(9000);
    assertThat(config.http().bearerTokens()).containsExactly("t0ken");
    assertThat(config.admin().enabled()).isTrue();
    assertThat(config.limits().maxBytes()).isEqualTo(1 << 20);
    var upstream = config.upstreams().getFirst();
    assertThat(upstream.requestTimeout()).isEqualTo(Duration.ofDays(7));
    assertThat(upstream.connectionTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(((Command) upstream.target()).command())
        .containsExactly("run", "a-b--c", "${env:ON}", "${env:X} ${X}");
  }

  @Test
  void aByteOrderMarkIsNotPartOfTheFile() {
    assertThat(files.load("\uFEFFproxy: {upstream: {url: http://a}}").upstreams()).hasSize(1);
  }
}
