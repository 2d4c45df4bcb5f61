package io.watchgate;

import io.watchgate.admin.AdminSettings;
import io.watchgate.config.ConfigLoader;
import io.watchgate.config.GatewayConfig;
import io.watchgate.config.GatewayConfig.Logging;
import io.watchgate.config.GatewayConfig.Transport;
import io.watchgate.downstream.HttpListener;
import io.watchgate.downstream.HttpSettings;
import io.watchgate.downstream.StdioListener;
import io.watchgate.flow.Seal;
import io.watchgate.hosting.PluginSettings;
import io.watchgate.hosting.PluginSettings.Scope;
import io.watchgate.hosting.PluginSettings.Terms;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.PluginFactory.Maker;
import io.watchgate.resilience.ConcurrencySettings;
import io.watchgate.telemetry.TelemetrySettings;
import io.watchgate.testkit.TestClient;
import io.watchgate.testkit.TestServers;
import io.watchgate.upstream.Upstream;
import io.watchgate.upstream.UpstreamSettings;
import io.watchgate.upstream.UpstreamSettings.CircuitBreaker;
import io.watchgate.upstream.UpstreamSettings.Command;
import io.watchgate.upstream.UpstreamSettings.Pool;
import io.watchgate.upstream.UpstreamSettings.Remote;
import io.watchgate.upstream.UpstreamSettings.Restart;
import io.watchgate.upstream.UpstreamSettings.Retry;
import io.watchgate.upstream.UpstreamSettings.SessionScope;
import io.watchgate.upstream.UpstreamSettings.Target;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A gateway with real servers behind it and real streams to its clients, as tests speak of it:
/// `GatewayContext.with(server("files")).limit(5).start()`.
final class GatewayContext implements AutoCloseable {
  private final List<ServerSpec> servers = new ArrayList<>();
  private final List<TestClient> clients = new ArrayList<>();
  private int limit = 10_000;
  private int queue;
  private final List<PluginSettings> plugins = new ArrayList<>();
  private boolean adaptive;
  private Duration queueTimeout = Duration.ofSeconds(5);
  private Duration maxRequestTimeout = Duration.ofMinutes(2);
  private Limits limits = Limits.DEFAULT;
  private @Nullable Gateway gateway;

  /// One server of the gateway, with what the test wants to be different.
  static final class ServerSpec {
    private final String name;
    private final Target target;
    private String prefix;
    private SessionScope sessions = SessionScope.PER_CLIENT;
    private int limit = 10_000;
    private Duration requestTimeout = Duration.ofSeconds(30);
    private Pool pool = Pool.DEFAULT;
    private Retry retry = Retry.DEFAULT;
    private CircuitBreaker circuitBreaker = CircuitBreaker.DEFAULT;
    private Duration connectionTimeout = Duration.ofSeconds(30);
    private Restart restart = new Restart(3, Duration.ofMillis(100), Duration.ofSeconds(5));

    private ServerSpec(String name, Target target) {
      this.name = name;
      this.target = target;
      this.prefix = name + "__";
    }

    ServerSpec prefix(String other) {
      prefix = other;
      return this;
    }

    ServerSpec shared() {
      sessions = SessionScope.SHARED;
      return this;
    }

    ServerSpec limit(int calls) {
      limit = calls;
      return this;
    }

    ServerSpec requestTimeout(Duration timeout) {
      requestTimeout = timeout;
      return this;
    }

    ServerSpec connectionTimeout(Duration timeout) {
      connectionTimeout = timeout;
      return this;
    }

    ServerSpec restart(int attempts, Duration backoff) {
      return restart(attempts, backoff, Duration.ofSeconds(1));
    }

    ServerSpec restart(int attempts, Duration backoff, Duration maxBackoff) {
      restart = new Restart(attempts, backoff, maxBackoff);
      return this;
    }

    ServerSpec pool(Pool settings) {
      pool = settings;
      return this;
    }

    ServerSpec retry(Retry settings) {
      retry = settings;
      return this;
    }

    ServerSpec circuitBreaker(CircuitBreaker settings) {
      circuitBreaker = settings;
      return this;
    }

    private UpstreamSettings settings() {
      return new UpstreamSettings(
          name,
          prefix,
          true,
          target,
          sessions,
          limit,
          requestTimeout,
          connectionTimeout,
          restart,
          pool,
          retry,
          circuitBreaker);
    }
  }

  /// A fixture server as a child process.
  static ServerSpec server(String name, String... flags) {
    var all = new ArrayList<>(List.of("--name", name));
    all.addAll(List.of(flags));
    return command(name, TestServers.command(all.toArray(String[]::new)));
  }

  /// Any program as a child process.
  static ServerSpec command(String name, List<String> command) {
    return child(name, new Command(command, Map.of(), false, Path.of("")));
  }

  /// Any program as a child process, with what it is given.
  static ServerSpec child(String name, Command command) {
    return new ServerSpec(name, command);
  }

  /// A server over streamable HTTP.
  static ServerSpec remote(String name, URI url) {
    return new ServerSpec(name, new Remote(url, Map.of(), Wire.STREAMABLE_HTTP));
  }

  /// A server over the old HTTP+SSE.
  static ServerSpec oldRemote(String name, URI url) {
    return new ServerSpec(name, new Remote(url, Map.of(), Wire.SSE));
  }

  static GatewayContext with(ServerSpec... servers) {
    var context = new GatewayContext();
    context.servers.addAll(List.of(servers));
    return context;
  }

  GatewayContext limit(int calls) {
    limit = calls;
    return this;
  }

  GatewayContext queue(int calls, Duration timeout) {
    queue = calls;
    queueTimeout = timeout;
    return this;
  }

  /// Puts every message of every server to a plugin.
  GatewayContext plugin(String name, Plugin plugin) {
    return plugin(name, new Terms(true, 50, true, Optional.empty()), plugin);
  }

  GatewayContext plugin(String name, Terms terms, Plugin plugin) {
    return plugin(name, terms, _ -> plugin);
  }

  /// Puts every message of every server to a plugin that knows what is around it.
  GatewayContext plugin(String name, Terms terms, Maker maker) {
    var scope = new Scope(Optional.empty(), name);
    plugins.add(new PluginSettings(name, scope, terms, Json.string(name), maker));
    return this;
  }

  /// Puts messages to the plugins of a configuration.
  ///
  /// @param yaml what stands below `plugins`
  GatewayContext plugins(Path directory, String yaml) {
    var names =
        servers.stream()
            .map(server -> "{name: " + server.name + ", url: 'http://unused'}")
            .toList();
    var file = directory.resolve("watchgate.yaml");
    var written =
        "proxy: {transport: stdio, upstreams: " + names + "}\nplugins:\n" + yaml.indent(2);
    try {
      Files.writeString(file, written);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    plugins.clear();
    plugins.addAll(ConfigLoader.load(file, Map.of()).plugins());
    return this;
  }

  GatewayContext adaptive() {
    adaptive = true;
    return this;
  }

  GatewayContext maxRequestTimeout(Duration timeout) {
    maxRequestTimeout = timeout;
    return this;
  }

  GatewayContext limits(Limits other) {
    limits = other;
    return this;
  }

  GatewayContext start() {
    try {
      gateway = new Gateway(config(), Seal.random());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /// Has the running gateway go on with these servers.
  void reload(ServerSpec... others) {
    servers.clear();
    servers.addAll(List.of(others));
    try {
      gateway().reload(config());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Gateway gateway() {
    return Objects.requireNonNull(gateway, "not started");
  }

  Upstream upstream(String name) {
    return branch(name).upstream();
  }

  Branch branch(String name) {
    return gateway().branches().stream()
        .filter(branch -> branch.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /// Calls that the gateway or any server session still keeps something of.
  int inFlight() {
    return gateway().limit().inFlight()
        + gateway().upstreams().stream().mapToInt(Upstream::inFlight).sum();
  }

  /// A client with a session of its own, after the handshake.
  TestClient client() {
    return client("{}");
  }

  TestClient client(String capabilities) {
    var client = connect();
    var _ = client.initialize(capabilities);
    return client;
  }

  /// A client before the handshake.
  TestClient connect() {
    try {
      var toGateway = Pipe.open();
      var toClient = Pipe.open();
      var listener =
          new StdioListener(
              Channels.newInputStream(toGateway.source()),
              Channels.newOutputStream(toClient.sink()),
              gateway().handler(),
              gateway().terms());
      Thread.ofPlatform().daemon().name("gateway stdin").start(() -> serve(listener));
      var client =
          new TestClient(
              Channels.newInputStream(toClient.source()),
              Channels.newOutputStream(toGateway.sink()));
      clients.add(client);
      return client;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The port of a listener for clients over HTTP.
  int http() throws InterruptedException {
    var http = config().http();
    try {
      return new HttpListener(
              http, gateway().handlers(http.path()), gateway().terms(), gateway().loops())
          .port();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void serve(StdioListener listener) {
    try {
      listener.serve();
      listener.drain(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private GatewayConfig config() {
    return new GatewayConfig(
        Transport.STDIO,
        new HttpSettings("127.0.0.1", 0, "/mcp", List.of(), List.of(), List.of()),
        "__",
        maxRequestTimeout,
        new ConcurrencySettings(limit, queue, queueTimeout),
        adaptive,
        limits,
        servers.stream().map(ServerSpec::settings).toList(),
        List.copyOf(plugins),
        new AdminSettings(false, "127.0.0.1", 0),
        new Logging("WARN", true, Optional.empty(), 10, 5, false),
        TelemetrySettings.NONE,
        Optional.empty(),
        List.of());
  }

  @Override
  public void close() {
    clients.forEach(TestClient::close);
    gateway().close();
  }
}
