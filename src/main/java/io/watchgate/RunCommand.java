package io.watchgate;

import io.watchgate.Reloading.Applying;
import io.watchgate.config.ConfigNotFoundException;
import io.watchgate.config.GatewayConfig;
import io.watchgate.config.GatewayConfig.Transport;
import io.watchgate.config.InvalidConfigException;
import io.watchgate.config.Overrides;
import io.watchgate.downstream.StdioListener;
import io.watchgate.flow.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Runs the gateway until its client leaves or it is told to stop.
@Command(
    name = "run",
    description = "Runs the gateway until its client leaves or it is told to stop.")
final class RunCommand implements Callable<Integer> {
  private static final Duration LAST_REQUESTS = Duration.ofSeconds(30);

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--transport",
      paramLabel = "stdio|http",
      description = "how clients reach the gateway")
  private @Nullable Transport transport;

  @Option(names = "--host", paramLabel = "HOST", description = "address to listen on, for http")
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "port to listen on, for http; 0 lets the system choose")
  private @Nullable Integer port;

  /// A command that is given its options by a library.
  RunCommand() {}

  RunCommand(
      ConfigOptions options,
      Optional<Transport> transport,
      Optional<String> host,
      Optional<Integer> port) {
    this.options = options;
    this.transport = transport.orElse(null);
    this.host = host.orElse(null);
    this.port = port.orElse(null);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    GatewayConfig config;
    try {
      config = options.load(overrides());
    } catch (InvalidConfigException invalid) {
      return misused(invalid, "correct the file until `watchgate check` accepts it");
    } catch (ConfigNotFoundException missing) {
      return misused(missing, "name the file in the client's configuration: run -c FILE");
    }
    try {
      return config.transport() == Transport.STDIO ? overStdio(config) : overHttp(config);
    } catch (IOException failure) {
      System.err.println("watchgate: " + failure.getMessage());
      if (config.transport() == Transport.STDIO) {
        StartupFailure.tellClient(String.valueOf(failure.getMessage()), "see the gateway's log");
      }
      return Failures.FAILED;
    }
  }

  private Overrides overrides() {
    return new Overrides(
        Optional.ofNullable(transport), Optional.ofNullable(host), Optional.ofNullable(port));
  }

  /// What the client is cannot be known for sure, because the configuration says it.
  private int misused(RuntimeException failure, String fix) {
    System.err.println("watchgate: " + failure.getMessage());
    if (transport != Transport.HTTP) {
      StartupFailure.tellClient(String.valueOf(failure.getMessage()), fix);
    }
    return Failures.MISUSED;
  }

  private int overStdio(GatewayConfig config) throws IOException, InterruptedException {
    var out = System.out;
    System.setOut(System.err); // whatever else prints must not get between the messages
    try (var gateway = new Gateway(config);
        var administration = Administration.start(gateway)) {
      var listener = new StdioListener(System.in, out, gateway.handler(), gateway.terms());
      var status = administration.status();
      Shutdown.before(time -> stop(gateway, status, () -> listener.drain(time)));
      status.serving(() -> 1); // the client that started the gateway
      try (var _ = agency(gateway);
          var _ = following(config, gateway::reload, status)) {
        listener.serve();
      }
      status.draining();
      listener.drain(LAST_REQUESTS);
    } finally {
      System.setOut(out);
    }
    return 0;
  }

  /// The agents, where there are any.
  private static @Nullable Agency agency(Gateway gateway) throws IOException {
    var settings = gateway.config().agents();
    return settings.isPresent() ? Agency.start(gateway, settings.get()) : null;
  }

  private int overHttp(GatewayConfig config) throws IOException, InterruptedException {
    var seal = SealKey.of(System.getenv(), System.getProperty("user.home")).seal();
    try (var running = Running.start(new Gateway(config, seal))) {
      Shutdown.before(running::stop);
      try (var _ = following(config, running::reload, running.status())) {
        running.awaitEnd();
      }
    }
    return 0;
  }

  /// Has the gateway follow its file, until that is closed.
  private Reloading following(GatewayConfig config, Applying target, LiveStatus status) {
    return new Reloading(
            options.file(), () -> options.reload(overrides()), config, target, status, Time.REAL)
        .start();
  }

  /// What a signal does: the same as the end of the input, but in less time.
  private static void stop(Gateway gateway, LiveStatus status, Running.Drain drain)
      throws InterruptedException {
    status.draining();
    drain.run();
    gateway.close();
  }
}
