package io.watchgate;

import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.mcp.Method;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Calls one tool through the whole gateway.
@Command(
    name = "call",
    description = "Calls one tool through the whole gateway and prints its result.")
final class CallCommand implements Callable<Integer> {
  @Mixin private ConfigOptions options = new ConfigOptions();

  @Parameters(index = "0", paramLabel = "NAME", description = "the tool, as `tools` lists it")
  private String name = "";

  @Parameters(
      index = "1",
      paramLabel = "JSON",
      arity = "0..1",
      description = "its arguments, an object (default: {})",
      defaultValue = "{}")
  private String arguments = "{}";

  @Override
  public Integer call() throws IOException, InterruptedException {
    Json parsed;
    try {
      parsed = Json.parse(arguments.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    } catch (MalformedMessage malformed) {
      System.err.println("watchgate: the arguments are not JSON: " + malformed.getMessage());
      return Failures.MISUSED;
    }
    if (!parsed.isObject()) {
      System.err.println("watchgate: the arguments must be a JSON object, as in '{\"a\": 1}'");
      return Failures.MISUSED;
    }
    try (var gateway = new Gateway(options.loadOnce())) {
      return call(gateway, parsed);
    }
  }

  private int call(Gateway gateway, Json parsed) throws InterruptedException {
    var client = new LocalClient(gateway.handler(), CallCommand::show);
    Shutdown.beforeBreak(gateway::close);
    gateway.prepare(client);
    var params =
        Json.object(
            "name",
            name,
            "arguments",
            parsed,
            "_meta",
            Json.object("progressToken", "command line"));
    var response = client.request(Method.TOOLS_CALL, params);
    if (response.result().isEmpty()) {
      System.err.println(
          "watchgate: error " + response.errorCode() + ": " + response.errorMessage());
      if (response.errorCode() == ErrorCode.INVALID_PARAMS) {
        System.err.println("`watchgate tools` lists the tools there are.");
      }
      return Failures.FAILED;
    }
    System.out.println(response.result().get());
    boolean failed = response.result().get().member("isError").filter(Json::isTrue).isPresent();
    return failed ? Failures.FAILED : 0;
  }

  private static void show(Notification notification) {
    notification
        .field(Field.PARAMS)
        .ifPresent(params -> System.err.println(notification.method() + " " + params));
  }
}
