package io.watchgate;

import io.watchgate.admin.AdminSettings;
import io.watchgate.audit.JsonLinesFactory;
import io.watchgate.config.AgentAssembly;
import io.watchgate.config.GatewayConfig;
import io.watchgate.config.GatewayConfig.Logging;
import io.watchgate.config.GatewayConfig.Transport;
import io.watchgate.demo.WeatherServer;
import io.watchgate.downstream.HttpSettings;
import io.watchgate.hosting.PluginSettings;
import io.watchgate.hosting.PluginSettings.Scope;
import io.watchgate.hosting.PluginSettings.Terms;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.resilience.ConcurrencySettings;
import io.watchgate.telemetry.TelemetrySettings;
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
import java.net.BindException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/// The gateway in front of two servers of its own: one a child process, one over HTTP.
@picocli.CommandLine.Command(
    name = "demo",
    description = "Runs the gateway with two demo servers and makes one call through it.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final String HOST = "127.0.0.1";
  private static final int HIGHEST_PORT = 65_535;

  @Option(
      names = "--port",
      description = "port to listen on (default: 8787; 0 for any free one)",
      defaultValue = "8787")
  private int port;

  @Option(names = "--once", description = "stop after the sample call")
  private boolean once;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (port < 0 || port > HIGHEST_PORT) {
      System.err.println("watchgate: --port is " + port + " (expected: 0 to " + HIGHEST_PORT + ")");
      return Failures.MISUSED;
    }
    var log = Files.createTempDirectory("watchgate-demo-").resolve("audit.jsonl");
    try (var weather = WeatherServer.start()) {
      return serve(Running.start(new Gateway(config(weather.uri(), log))), log);
    } catch (IOException failure) {
      throw failure.getCause() instanceof BindException ? portInUse(failure) : failure;
    }
  }

  private int serve(Running started, Path log) throws IOException, InterruptedException {
    try (var running = started) {
      if (!once) {
        Shutdown.before(running::stop);
      }
      boolean shown = new DemoTour(running, log, System.out).show();
      if (!once) {
        System.out.println("\nServing. Press Ctrl-C to stop.");
        running.awaitEnd();
      }
      return shown ? 0 : Failures.FAILED;
    }
  }

  private IOException portInUse(IOException cause) {
    return new IOException(
        cause.getMessage()
            + ". Stop what uses port "
            + port
            + ", or take any free one: watchgate demo --port 0",
        cause);
  }

  private static PluginSettings audit(Path log) {
    return new PluginSettings(
        "audit_jsonl",
        new Scope(Optional.empty(), "audit_jsonl"),
        new Terms(true, 50, true, Optional.empty()),
        Json.object("output_file", log.toString()),
        JsonLinesFactory.strict(log));
  }

  private GatewayConfig config(URI weather, Path log) {
    return new GatewayConfig(
        Transport.HTTP,
        new HttpSettings(HOST, port, "/mcp", List.of(), List.of(), List.of()),
        "__",
        Duration.ofMinutes(10),
        new ConcurrencySettings(100, 0, Duration.ofSeconds(5)),
        false,
        Limits.DEFAULT,
        List.of(
            upstream("notes", new Command(notes(), Map.of(), false, Path.of(""))),
            upstream("weather", new Remote(weather, Map.of(), Wire.STREAMABLE_HTTP))),
        List.of(audit(log)),
        new AdminSettings(true, HOST, 0),
        new Logging("WARN", true, Optional.empty(), 10, 5, false),
        TelemetrySettings.NONE,
        Optional.of(AgentAssembly.standard().on(HOST, 0)),
        List.of());
  }

  private static UpstreamSettings upstream(String name, Target target) {
    return new UpstreamSettings(
        name,
        name + "__",
        true,
        target,
        SessionScope.PER_CLIENT,
        100,
        Duration.ofSeconds(60),
        Duration.ofSeconds(30),
        new Restart(3, Duration.ofMillis(500), Duration.ofSeconds(30)),
        Pool.DEFAULT,
        Retry.DEFAULT,
        CircuitBreaker.DEFAULT);
  }

  /// The command that starts this very program again, as a server.
  static List<String> notes() {
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")); // small and quick
    var modules = System.getProperty("jdk.module.path");
    if (modules == null) {
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    } else {
      command.addAll(List.of("-p", modules, "-m", "io.watchgate/" + Main.class.getName()));
    }
    command.addAll(List.of("demo-server", "notes"));
    return command;
  }
}
