package io.watchgate.security.toolguard;

import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Json;
import io.watchgate.mcp.Method;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Exchange;
import io.watchgate.plugin.Metric;
import io.watchgate.plugin.Moment;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.Verdict;
import io.watchgate.security.toolguard.Findings.Found;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Remembers what servers define, tells of what changes and of what gives orders to the model, and
/// hides what clients must not have.
final class ToolGuard implements Plugin {
  private static final String UNKNOWN_TO_CLIENTS =
      "hidden from clients by the guard of definitions";

  private final Terms terms;
  private final Inspection inspection;
  private final PinStore store;
  private final Judge judge;
  private final PinWatch watch;
  private final Sightings sightings = new Sightings();
  private final Findings findings = new Findings();

  ToolGuard(Terms terms, PinStore store, Inspection inspection, Judge judge, PinWatch watch) {
    this.terms = terms;
    this.store = store;
    this.inspection = inspection;
    this.judge = judge;
    this.watch = watch;
  }

  @Override
  public Set<Moment> moments() {
    return EnumSet.of(Moment.REQUEST, Moment.RESPONSE);
  }

  @Override
  public Verdict onResponse(Exchange exchange, Content answer) {
    if (answer.kind() != Content.Kind.RESULT) {
      return Verdict.PASS;
    }
    var kind = Kind.listedBy(exchange.method());
    if (kind.isPresent()) {
      return terms.kinds().contains(kind.get())
          ? listed(exchange, kind.get(), answer.json())
          : Verdict.PASS;
    }
    boolean introduces =
        exchange.method().equals(Method.INITIALIZE) || exchange.method().equals(Method.DISCOVER);
    return introduces && terms.kinds().contains(Kind.INSTRUCTIONS)
        ? introduced(exchange, answer.json())
        : Verdict.PASS;
  }

  private Verdict listed(Exchange exchange, Kind kind, Json result) {
    var member = kind.list().orElseThrow().member();
    var entries = result.member(member).map(Json::elements).orElse(List.of());
    var report = found(exchange, kind, result, entries).report();
    if (report.hidden().isEmpty()) {
      return noted(report);
    }
    var shown =
        entries.stream()
            .filter(entry ->
                !report.hidden().contains(entry.textMember(kind.list().get().key()).orElse("")))
            .toList();
    return new Verdict.Replace(result.with(member, Json.array(shown)), report.note());
  }

  private Found found(Exchange exchange, Kind kind, Json list, List<Json> entries) {
    var server = exchange.server();
    try {
      var pins = store.around(server);
      var before = findings.of(server, kind, list, pins);
      if (before.isPresent()) {
        saw(exchange, before.get().definitions(), before.get().report());
        return before.get();
      }
      var definitions =
          entries.stream().flatMap(entry -> Definition.listed(kind, entry).stream()).toList();
      boolean ends = list.textMember("nextCursor").isEmpty();
      var report = inspect(exchange, kind, definitions, ends);
      var found = new Found(list, store.around(server), definitions, report);
      findings.keep(server, kind, found, pins);
      return found;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure.getMessage(), failure);
    }
  }

  private Verdict introduced(Exchange exchange, Json result) {
    var instructions =
        result
            .member("instructions")
            .filter(Json::isString)
            .map(text -> Definition.of(Kind.INSTRUCTIONS, "", text));
    var report = inspect(exchange, Kind.INSTRUCTIONS, instructions.stream().toList(), true);
    return report.hidden().isEmpty()
        ? noted(report)
        : new Verdict.Replace(result.without(Set.of("instructions")), report.note());
  }

  private static Verdict noted(Inspection.Report report) {
    return report.note().isEmpty() ? Verdict.PASS : new Verdict.Pass(report.note());
  }

  private Inspection.Report inspect(
      Exchange exchange, Kind kind, List<Definition> definitions, boolean ends) {
    try {
      watch.shows(exchange.server(), store.of(exchange.server()).pins());
      var report = inspection.inspect(exchange.server(), kind, definitions, ends);
      saw(exchange, definitions, report);
      return report;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure.getMessage(), failure);
    }
  }

  private void saw(Exchange exchange, List<Definition> definitions, Inspection.Report report) {
    var session = exchange.caller().session();
    for (var definition : definitions) {
      var isHidden = report.hidden().contains(definition.name());
      sightings.saw(exchange.server(), session, definition, isHidden);
    }
  }

  @Override
  public Verdict onRequest(Exchange exchange, Content params) {
    return wanted(exchange.method(), params.json())
        .filter(id -> terms.kinds().contains(id.kind()) && isHidden(exchange, id))
        .<Verdict>map(id ->
            new Verdict.Complete(unknown(id, params.json()), id + " is " + UNKNOWN_TO_CLIENTS))
        .orElse(Verdict.PASS);
  }

  /// What a request wants to use.
  private static Optional<DefinitionId> wanted(String method, Json params) {
    return switch (method) {
      case Method.TOOLS_CALL ->
          params.textMember("name").map(name -> new DefinitionId(Kind.TOOL, name));
      case Method.PROMPTS_GET ->
          params.textMember("name").map(name -> new DefinitionId(Kind.PROMPT, name));
      case Method.COMPLETE ->
          params
              .member("ref")
              .flatMap(ref -> ref.textMember("name"))
              .map(name -> new DefinitionId(Kind.PROMPT, name));
      case Method.RESOURCES_READ, Method.RESOURCES_SUBSCRIBE ->
          params.textMember("uri").map(uri -> new DefinitionId(Kind.RESOURCE, uri));
      default -> Optional.empty();
    };
  }

  private boolean isHidden(Exchange exchange, DefinitionId id) {
    try {
      var pins = store.of(exchange.server()).pins();
      var hidden = sightings.hidden(exchange.server(), exchange.caller().session(), id);
      return hidden.isPresent() ? !pins.isApproved(id, hidden.get()) : judge.hidesUnseen(id, pins);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure.getMessage(), failure);
    }
  }

  /// Nobody can tell what is hidden from what is not there.
  private static Content unknown(DefinitionId id, Json params) {
    if (id.kind() != Kind.RESOURCE) {
      return Content.unknown(id.kind().word(), id.name());
    }
    boolean isStateless =
        params
            .member("_meta")
            .flatMap(meta -> meta.member("io.modelcontextprotocol/protocolVersion"))
            .isPresent();
    return Content.error(
        isStateless ? ErrorCode.INVALID_PARAMS : ErrorCode.RESOURCE_NOT_FOUND,
        "unknown resource: " + id.name(),
        Json.object("reason", "unknown_resource", "uri", id.name()));
  }

  @Override
  public Json status() {
    return inspection.status();
  }

  @Override
  public List<Metric> metrics() {
    return inspection.metrics();
  }

  @Override
  public void close() {
    watch.close();
  }
}
