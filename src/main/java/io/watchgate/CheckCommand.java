package io.watchgate;

import io.watchgate.config.ConfigSchema;
import io.watchgate.config.GatewayConfig;
import io.watchgate.flow.ServerStatus;
import io.watchgate.upstream.UpstreamSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Says whether a configuration is valid, and whether its servers are there.
@Command(name = "check", description = "Validates the configuration.")
final class CheckCommand implements Callable<Integer> {
  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--connect",
      description = "also reach every server; exit 1 when one is not there")
  private boolean connect;

  @Option(
      names = "--print-schema",
      description = "print the JSON Schema of the file, and nothing else")
  private boolean printSchema;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (printSchema) {
      System.out.println(ConfigSchema.json().strip());
      return 0;
    }
    var config = options.loadOnce();
    long enabled = config.upstreams().stream().filter(UpstreamSettings::enabled).count();
    System.out.printf(
        "%s is valid: %s, clients come over %s.%n",
        options.file(),
        enabled == 1 ? "1 server" : enabled + " servers",
        config.transport().name().toLowerCase(Locale.ROOT));
    return connect ? connect(config) : 0;
  }

  private static int connect(GatewayConfig config) throws IOException, InterruptedException {
    try (var gateway = new Gateway(config)) {
      Shutdown.beforeBreak(gateway::close);
      var client = new LocalClient(gateway.handler(), _ -> {});
      gateway.prepare(client);
      int missing = 0;
      var table = new Table();
      for (var upstream : gateway.upstreams()) {
        var patience = upstream.settings().connectionTimeout().plus(Duration.ofSeconds(1));
        upstream.awaitFirstContact(patience);
        var status = upstream.status();
        missing += status.unavailable().isPresent() ? 1 : 0;
        table.add("  " + upstream.name(), state(status), details(status));
      }
      table.print(System.out);
      for (var hidden : gateway.router().hidden(client)) {
        System.out.println("  hidden, because a server before it has the same name: " + hidden);
      }
      return missing == 0 ? 0 : missing(missing);
    }
  }

  private static int missing(int servers) {
    System.err.println(
        "watchgate: %s not there; the gateway would start all the same and go on trying"
            .formatted(servers == 1 ? "1 server is" : servers + " servers are"));
    return Failures.FAILED;
  }

  private static String state(ServerStatus status) {
    return status.unavailable().isPresent() ? "not there" : "ready";
  }

  private static String details(ServerStatus status) {
    return status
        .unavailable()
        .orElseGet(() -> status.offer().map(offer -> offer.protocolVersion()).orElse(""));
  }
}
