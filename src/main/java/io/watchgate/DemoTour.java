package io.watchgate;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Method;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What the demo prints: the servers with their tools, one call through the gateway with its result
/// and its audit record, two agents, and how to go on from here. Plain ASCII, for any terminal.
final class DemoTour {
  private static final String TOOL = "weather__forecast";
  private static final Json ARGUMENTS = Json.object("city", "Oslo", "days", 3);

  private final Running running;
  private final Path auditLog;
  private final PrintStream out;
  private final LocalClient client;

  DemoTour(Running running, Path auditLog, PrintStream out) {
    this.running = running;
    this.auditLog = auditLog;
    this.out = out;
    this.client = new LocalClient(running.gateway().handler(), _ -> {});
  }

  /// Prints it all; true when the sample call succeeded.
  boolean show() throws IOException, InterruptedException {
    for (var upstream : running.gateway().upstreams()) {
      upstream.awaitFirstContact(upstream.settings().connectionTimeout());
    }
    var servers = running.gateway().upstreams().size();
    out.printf("Watchgate %s: %d servers, one endpoint%n", Version.number(), servers);
    out.printf("  %s%n", running.url());
    showTools();
    boolean succeeded = showCall();
    showAudit();
    succeeded &= new AgentTour(running.agency().orElseThrow(), out).show();
    showWaysOn();
    client.close();
    return succeeded;
  }

  private void showTools() throws InterruptedException {
    var listed = client.request(Method.TOOLS_LIST, Json.EMPTY_OBJECT).result();
    var tools = listed.flatMap(list -> list.member("tools")).map(Json::elements).orElse(List.of());
    var last = "";
    for (var tool : tools) {
      var name = tool.textMember("name").orElse("");
      var server = running.gateway().router().origin(name, client).server();
      if (!server.equals(last)) {
        out.printf("%nTools of server \"%s\"%n", server);
        last = server;
      }
      out.printf("  %-25s %s%n", name, tool.textMember("description").orElse(""));
    }
  }

  private boolean showCall() throws InterruptedException {
    out.printf("%nA call through the gateway%n  %s %s%n", TOOL, ARGUMENTS);
    long started = System.nanoTime();
    var answer =
        client.request(Method.TOOLS_CALL, Json.object("name", TOOL, "arguments", ARGUMENTS));
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
    var failed = answer.result().flatMap(result -> result.member("isError")).filter(Json::isTrue);
    boolean succeeded = answer.result().isPresent() && failed.isEmpty();
    out.printf("%s after %d ms%n", succeeded ? "Its result" : "It failed", millis);
    if (succeeded) {
      days(answer).forEach(this::showDay);
    } else {
      out.println("  " + answer.result().or(answer::error).orElse(Json.EMPTY_OBJECT));
    }
    return succeeded;
  }

  private static List<Json> days(Response answer) {
    return answer
        .result()
        .flatMap(result -> result.member("structuredContent"))
        .flatMap(forecast -> forecast.member("days"))
        .map(Json::elements)
        .orElse(List.of());
  }

  private void showDay(Json day) {
    out.printf(
        "  day %s   %-6s  %3s to %2s C%n",
        number(day, "day"),
        day.textMember("sky").orElse(""),
        number(day, "low_celsius"),
        number(day, "high_celsius"));
  }

  private static String number(Json day, String key) {
    return day.member(key).map(Json::toString).orElse("?");
  }

  /// The record of how the call ended, out of the log itself.
  private void showAudit() throws IOException {
    out.printf("%nIts audit record, in %s%n", auditLog);
    try (var lines = Files.lines(auditLog)) {
      lines
          .filter(line -> line.contains("\"response\"") && line.contains("\"" + TOOL + "\""))
          .findFirst()
          .ifPresent(line -> out.println("  " + line));
    }
  }

  private void showWaysOn() {
    out.printf(
        """

        Connect a client: put this into its MCP configuration
          {"mcpServers": {"watchgate": {"type": "http", "url": "%1$s"}}}
        or say hello by hand
          curl -s %1$s -H 'Content-Type: application/json' \
        -H 'Accept: application/json, text/event-stream' \
        -d '{"jsonrpc":"2.0","id":1,"method":"initialize","params":\
        {"protocolVersion":"2025-11-25","capabilities":{},\
        "clientInfo":{"name":"curl","version":"1"}}}'
        """,
        running.url());
    running
        .adminUrl()
        .ifPresent(url -> out.printf("and see how the gateway is%n  curl -s %s/api/status%n", url));
  }
}
