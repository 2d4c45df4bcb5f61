package io.watchgate.middleware;

import io.watchgate.jsonrpc.CanonicalJson;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Json;
import io.watchgate.mcp.Method;
import io.watchgate.middleware.KnownTools.Tool;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Exchange;
import io.watchgate.plugin.Metric;
import io.watchgate.plugin.Moment;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.Verdict;
import io.watchgate.schema.SchemaCheck;
import io.watchgate.schema.SchemaCheck.Mismatch;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.atomic.LongAdder;

/// Shows clients the tools that they should see in the form that they should have, and calls them
/// as their servers know them.
final class ToolManager implements Plugin {
  /// What makes an answer one of this call alone.
  private static final Set<String> UNREPEATABLE = Set.of("task", "inputResponses", "requestState");

  private final ToolRules rules;
  private final ResultCache results;
  private final KnownTools known = new KnownTools();
  private final LongAdder refusedArguments = new LongAdder();
  private final LongAdder refusedResults = new LongAdder();

  ToolManager(ToolRules rules, ResultCache results) {
    this.rules = rules;
    this.results = results;
  }

  @Override
  public Set<Moment> moments() {
    return EnumSet.of(Moment.REQUEST, Moment.RESPONSE);
  }

  @Override
  public Verdict onRequest(Exchange exchange, Content content) {
    var params = content.json();
    var shown = params.textMember("name");
    if (!exchange.method().equals(Method.TOOLS_CALL) || shown.isEmpty()) {
      return Verdict.PASS;
    }
    var own = rules.own(shown.get());
    if (own.isEmpty()) {
      return unknown(shown.get());
    }
    var call = new ToolCall(exchange, own.get(), rules.of(own.get()).orElseThrow());
    var arguments = params.member("arguments").orElse(Json.EMPTY_OBJECT);
    var mismatch = mismatch(call, arguments);
    if (mismatch.isPresent()) {
      refusedArguments.increment();
      return refused(shown.get(), mismatch.get());
    }
    var filled = call.rule.fill(arguments);
    return kept(call, params, filled).orElseGet(() -> sent(call, params, arguments, filled));
  }

  /// The call of a tool, by the server's own name.
  private record ToolCall(Exchange exchange, String own, ToolRule rule) {
    Tool tool() {
      return new Tool(exchange.server(), own);
    }
  }

  private static Verdict unknown(String name) {
    return new Verdict.Complete(Content.unknown("tool", name), "the tool is hidden from clients");
  }

  private Optional<Mismatch> mismatch(ToolCall call, Json arguments) {
    if (!arguments.isObject()) {
      return Optional.of(new Mismatch("", "arguments have to be an object"));
    }
    return call.rule.checks().arguments()
        ? known
            .get(call.tool())
            .map(KnownTools.Known::arguments)
            .flatMap(check -> check.mismatch(arguments))
        : Optional.empty();
  }

  private static Verdict refused(String shown, Mismatch mismatch) {
    var error = Json.object("pointer", mismatch.pointer(), "expected", mismatch.expected());
    return new Verdict.Complete(
        Content.error(
            ErrorCode.INVALID_PARAMS,
            "invalid arguments for the tool \"" + shown + "\": " + mismatch,
            Json.object("reason", "invalid_params", "errors", Json.array(List.of(error)))),
        "arguments do not fit the tool's inputSchema");
  }

  private Optional<Verdict> kept(ToolCall call, Json params, Json filled) {
    return cacheKey(call, params, filled)
        .flatMap(results::get)
        .map(result -> new Verdict.Complete(Content.result(result), "answered from memory"));
  }

  /// What has the same answer has the same key.
  private Optional<String> cacheKey(ToolCall call, Json params, Json arguments) {
    var keeping = call.rule.keeping();
    if (keeping.isEmpty()
        || UNREPEATABLE.stream().anyMatch(key -> params.member(key).isPresent())) {
      return Optional.empty();
    }
    var whose = keeping.get().shared() ? "" : call.exchange.caller().principal();
    int version = known.get(call.tool()).map(KnownTools.Known::version).orElse(0);
    return Optional.of(
        Json.array(
                    List.of(
                        Json.string(call.exchange.server()),
                        Json.string(call.own),
                        Json.string(whose)))
                .toString()
            + version
            + CanonicalJson.of(arguments));
  }

  private static Verdict sent(ToolCall call, Json params, Json arguments, Json filled) {
    var why = new StringJoiner(", ");
    var sent = params;
    if (!call.rule.shown().equals(call.own)) {
      sent = sent.with("name", Json.string(call.own));
      why.add("called by its own name " + call.own);
    }
    if (!filled.equals(arguments)) {
      sent = sent.set("arguments", filled);
      why.add("arguments of the configuration filled in");
    }
    return why.length() == 0 ? Verdict.PASS : new Verdict.Replace(sent, why.toString());
  }

  @Override
  public Verdict onResponse(Exchange exchange, Content answer) {
    if (exchange.method().equals(Method.TOOLS_LIST) && answer.kind() == Content.Kind.RESULT) {
      return listed(exchange.server(), answer.json());
    }
    var own = exchange.params().textMember("name");
    var rule = own.flatMap(rules::of);
    if (!exchange.method().equals(Method.TOOLS_CALL) || rule.isEmpty()) {
      return Verdict.PASS;
    }
    var call = new ToolCall(exchange, own.get(), rule.get());
    return answer.kind() == Content.Kind.RESULT
        ? returned(call, answer.json())
        : failed(call, answer.json());
  }

  private Verdict listed(String server, Json result) {
    var tools = result.member("tools").map(Json::elements).orElse(List.of());
    var shown = new ArrayList<Json>();
    int changed = 0;
    var notes = new StringJoiner("; ");
    for (var definition : tools) {
      var rule = definition.textMember("name").flatMap(rules::of);
      if (rule.isPresent()) {
        var tool = new Tool(server, definition.textMember("name").orElseThrow());
        known.put(tool, definition, rule.get());
        unusable(tool, rule.get()).ifPresent(notes::add);
        var shaped = rule.get().shape(definition);
        changed += shaped.equals(definition) ? 0 : 1;
        shown.add(shaped);
      }
    }
    int hidden = tools.size() - shown.size();
    if (hidden + changed == 0) {
      return notes.length() == 0 ? Verdict.PASS : new Verdict.Pass(notes.toString());
    }
    notes.add("%d of %d tools hidden, %d changed".formatted(hidden, tools.size(), changed));
    return new Verdict.Replace(result.with("tools", Json.array(shown)), notes.toString());
  }

  /// Says which schemas of a tool should be checked against and cannot be.
  private Optional<String> unusable(Tool tool, ToolRule rule) {
    var definition = known.get(tool);
    var input =
        definition
            .filter(_ -> rule.checks().arguments())
            .map(KnownTools.Known::arguments)
            .flatMap(SchemaCheck::unusable)
            .map(why -> "inputSchema of " + tool.name() + " " + why);
    var output =
        definition
            .filter(_ -> rule.checks().results())
            .flatMap(KnownTools.Known::results)
            .flatMap(SchemaCheck::unusable)
            .map(why -> "outputSchema of " + tool.name() + " " + why);
    return input.isPresent() ? input : output;
  }

  private Verdict returned(ToolCall call, Json result) {
    if (!isWhole(result)) {
      return Verdict.PASS;
    }
    var mismatch = resultMismatch(call, result);
    if (mismatch.isPresent()) {
      refusedResults.increment();
      return new Verdict.Block(
          "the result of the tool \"%s\" does not fit its outputSchema: %s"
              .formatted(call.rule.shown(), mismatch.get()));
    }
    cacheKey(call, call.exchange.params(), arguments(call.exchange))
        .ifPresent(key -> results.put(key, result, call.rule.keeping().orElseThrow().ttl()));
    return Verdict.PASS;
  }

  /// Whether a result is what the tool returns: no failure, no task, and no question.
  private static boolean isWhole(Json result) {
    return result.member("isError").filter(Json::isTrue).isEmpty()
        && result.member("task").isEmpty()
        && result.textMember("resultType").orElse("complete").equals("complete");
  }

  private static Json arguments(Exchange exchange) {
    return exchange.params().member("arguments").orElse(Json.EMPTY_OBJECT);
  }

  private Optional<Mismatch> resultMismatch(ToolCall call, Json result) {
    var check =
        call.rule.checks().results()
            ? known.get(call.tool()).flatMap(KnownTools.Known::results)
            : Optional.<SchemaCheck>empty();
    if (check.isEmpty() || check.get().unusable().isPresent()) {
      return Optional.empty();
    }
    var structured = result.member("structuredContent");
    return structured.isEmpty()
        ? Optional.of(new Mismatch("", "structuredContent is missing"))
        : check.get().mismatch(structured.get());
  }

  /// An error of the server says the name that clients know.
  private static Verdict failed(ToolCall call, Json error) {
    var message = error.textMember("message");
    if (call.rule.shown().equals(call.own) || message.isEmpty()) {
      return Verdict.PASS;
    }
    var renamed = Words.replace(message.get(), call.own, call.rule.shown());
    return renamed.equals(message.get())
        ? Verdict.PASS
        : new Verdict.Replace(
            error.with("message", Json.string(renamed)), "the error says the name of clients");
  }

  @Override
  public Json status() {
    return Json.object(
        "cache", results.status(),
        "refused_arguments", refusedArguments.sum(),
        "refused_results", refusedResults.sum());
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        metric("tool_cache_hits_total", "Calls answered from memory.", results.hits()),
        metric("tool_cache_misses_total", "Calls that memory had no answer for.", results.misses()),
        metric(
            "tool_arguments_refused_total",
            "Calls whose arguments do not fit the tool's schema.",
            refusedArguments.sum()),
        metric(
            "tool_results_refused_total",
            "Results that do not fit the tool's schema.",
            refusedResults.sum()));
  }

  private static Metric metric(String name, String help, long value) {
    return new Metric(name, help, Map.of(), value);
  }
}
