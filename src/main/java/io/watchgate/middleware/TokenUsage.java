package io.watchgate.middleware;

import io.watchgate.jsonrpc.Json;
import io.watchgate.mcp.Method;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Exchange;
import io.watchgate.plugin.Metric;
import io.watchgate.plugin.Moment;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.Verdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts what tools cost a model's context: their definitions, the arguments of calls, and their
/// results, in estimated tokens. A tool is known by the list of its server; calls of others are
/// summed as `other`, and so is what is beyond a bound.
final class TokenUsage implements Plugin {
  private static final String OTHER = "other";
  private static final int MOST_TOOLS = 500;
  private static final int MOST_CLIENTS = 50;
  private static final int LONGEST_NAME = 128;

  private final Map<Tool, Usage> tools = new ConcurrentSkipListMap<>();
  private final Map<String, Usage> clients = new ConcurrentSkipListMap<>();

  private record Tool(String server, String name) implements Comparable<Tool> {
    @Override
    public int compareTo(Tool other) {
      int order = server.compareTo(other.server);
      return order == 0 ? name.compareTo(other.name) : order;
    }
  }

  /// What one tool or client used.
  private static final class Usage {
    private final LongAdder definitions = new LongAdder();
    private final LongAdder calls = new LongAdder();
    private final LongAdder arguments = new LongAdder();
    private final LongAdder results = new LongAdder();

    private void called(long tokens) {
      calls.increment();
      arguments.add(tokens);
    }

    private void add(Usage other) {
      definitions.add(other.definitions.sum());
      calls.add(other.calls.sum());
      arguments.add(other.arguments.sum());
      results.add(other.results.sum());
    }

    private Json json() {
      return Json.object(
          "definitions",
          definitions.sum(),
          "calls",
          calls.sum(),
          "arguments",
          arguments.sum(),
          "results",
          results.sum());
    }
  }

  @Override
  public Set<Moment> moments() {
    return EnumSet.of(Moment.REQUEST, Moment.RESPONSE);
  }

  @Override
  public Verdict onRequest(Exchange exchange, Content params) {
    if (exchange.method().equals(Method.TOOLS_CALL)) {
      long tokens = params.json().member("arguments").map(TokenUsage::spelled).orElse(0L);
      tool(exchange).called(tokens);
      client(exchange).called(tokens);
    }
    return Verdict.PASS;
  }

  @Override
  public Verdict onResponse(Exchange exchange, Content answer) {
    if (exchange.method().equals(Method.TOOLS_LIST) && answer.kind() == Content.Kind.RESULT) {
      list(exchange, answer.json());
    } else if (exchange.method().equals(Method.TOOLS_CALL)) {
      long tokens = tokens(exchange, answer);
      tool(exchange).results.add(tokens);
      client(exchange).results.add(tokens);
    }
    return Verdict.PASS;
  }

  /// A list replaces what the server's list was before, page by page.
  private void list(Exchange exchange, Json answer) {
    if (exchange.params().member("cursor").isEmpty()) {
      tools.forEach((tool, usage) -> {
        if (tool.server.equals(exchange.server())) {
          usage.definitions.reset();
        }
      });
    }
    for (var definition : answer.member("tools").map(Json::elements).orElse(List.of())) {
      var name = definition.textMember("name").orElse("");
      listed(new Tool(exchange.server(), name)).definitions.add(defined(definition));
    }
  }

  private Usage listed(Tool tool) {
    var known = tools.get(tool);
    if (known != null) {
      return known;
    }
    boolean fits = tools.size() < MOST_TOOLS && tool.name.length() <= LONGEST_NAME;
    return usage(fits ? tool : new Tool(tool.server, OTHER));
  }

  private Usage usage(Tool tool) {
    return tools.computeIfAbsent(tool, _ -> new Usage());
  }

  private Usage tool(Exchange exchange) {
    var known = tools.get(new Tool(exchange.server(), exchange.name().orElse("")));
    return known == null ? usage(new Tool(exchange.server(), OTHER)) : known;
  }

  private Usage client(Exchange exchange) {
    var name = exchange.caller().client();
    var known = clients.get(name);
    if (known != null) {
      return known;
    }
    boolean fits = clients.size() < MOST_CLIENTS && name.length() <= LONGEST_NAME;
    return clients.computeIfAbsent(fits ? name : OTHER, _ -> new Usage());
  }

  /// What clients tell a model of a tool.
  private static long defined(Json definition) {
    return List.of("name", "description", "inputSchema").stream()
        .flatMap(key -> definition.member(key).stream())
        .mapToLong(TokenUsage::spelled)
        .sum();
  }

  private static long spelled(Json value) {
    return TokenEstimate.of(value.isString() ? value.text() : value.toString());
  }

  private static long tokens(Exchange exchange, Content answer) {
    if (answer.kind() == Content.Kind.ERROR) {
      return answer.json().member("message").map(TokenUsage::spelled).orElse(0L);
    }
    return ToolResult.of(exchange, answer).map(ToolResult::tokens).orElse(0L);
  }

  @Override
  public Json status() {
    var total = new Usage();
    Map<String, Usage> servers = new ConcurrentSkipListMap<>();
    var perTool = new ArrayList<Json>();
    tools.forEach((tool, usage) -> {
      total.add(usage);
      servers.computeIfAbsent(tool.server, _ -> new Usage()).add(usage);
      perTool.add(
          usage
              .json()
              .plus("tool", Json.string(tool.name))
              .plus("server", Json.string(tool.server)));
    });
    return Json.object(
        "total",
        total.json(),
        "servers",
        named("server", servers),
        "clients",
        named("client", clients),
        "tools",
        Json.array(perTool));
  }

  private static Json named(String key, Map<String, Usage> all) {
    var entries = new ArrayList<Json>();
    all.forEach((name, usage) -> entries.add(usage.json().plus(key, Json.string(name))));
    return Json.array(entries);
  }

  /// Clients are not here: their names are their own.
  @Override
  public List<Metric> metrics() {
    var metrics = new ArrayList<Metric>();
    tools.forEach((tool, usage) -> {
      var labels = Map.of("server", tool.server, "tool", tool.name);
      metrics.add(
          new Metric(
              "token_usage_definition_tokens",
              "Estimated tokens of the tool's definition.",
              labels,
              usage.definitions.sum()));
      metrics.add(
          new Metric(
              "token_usage_argument_tokens_total",
              "Estimated tokens of the arguments of calls.",
              labels,
              usage.arguments.sum()));
      metrics.add(
          new Metric(
              "token_usage_result_tokens_total",
              "Estimated tokens of the results of calls.",
              labels,
              usage.results.sum()));
    });
    return metrics;
  }
}
