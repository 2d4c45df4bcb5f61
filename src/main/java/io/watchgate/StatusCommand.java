package io.watchgate;

import io.watchgate.admin.AdminSettings;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Shows how a running gateway is: asks its admin listener, which the configuration names.
@Command(
    name = "status",
    description = "Shows how a running gateway and its servers are, as its admin listener says.")
final class StatusCommand implements Callable<Integer> {
  private static final int PATIENCE_MILLIS = 5000;
  private static final int OK = 200;

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(names = "--json", description = "print the JSON of /api/status as it is")
  private boolean json;

  /// What came back.
  private record Answer(int status, String body) {}

  @Override
  public Integer call() throws IOException {
    var admin = options.loadOnce().admin();
    if (!admin.enabled() || admin.port() == 0) {
      System.err.println("watchgate: " + cannotAsk(admin));
      return Failures.FAILED;
    }
    var url = "http://" + host(admin) + ":" + admin.port();
    try {
      var body = get(url + "/api/status").body;
      if (json) {
        System.out.println(body);
      } else {
        var serving = get(url + "/readyz").status == OK;
        var status = Json.parse(body.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
        new StatusText(System.out, Instant.now()).print(url, serving, status);
      }
      return 0;
    } catch (IOException failure) {
      return failed("no gateway answers at " + url + ": " + failure.getMessage());
    } catch (MalformedMessage malformed) {
      return failed("what answers at " + url + " is no gateway: " + malformed.getMessage());
    }
  }

  private int failed(String why) {
    System.err.println(
        "watchgate: %s. Is it running with %s? It has to be started again when admin was changed."
            .formatted(why, options.file()));
    return Failures.FAILED;
  }

  private String cannotAsk(AdminSettings admin) {
    var what =
        admin.enabled()
            ? " leaves the port of the admin listener to the system: set admin.port"
            : " has no admin listener, by which a running gateway is asked: set admin.enabled:"
                + " true";
    return options.file() + what + ", and start the gateway again";
  }

  /// Who listens on all addresses is asked on loopback.
  private static String host(AdminSettings admin) {
    return switch (admin.host()) {
      case "0.0.0.0" -> "127.0.0.1";
      case "::" -> "[::1]";
      default -> admin.host().contains(":") ? "[" + admin.host() + "]" : admin.host();
    };
  }

  private static Answer get(String url) throws IOException {
    var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setConnectTimeout(PATIENCE_MILLIS);
    connection.setReadTimeout(PATIENCE_MILLIS);
    int status = connection.getResponseCode();
    try (var body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      var bytes = body == null ? new byte[0] : body.readNBytes(Limits.DEFAULT.maxBytes());
      return new Answer(status, new String(bytes, StandardCharsets.UTF_8));
    }
  }
}
