package io.watchgate.security.toolguard;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.Metric;
import io.watchgate.security.toolguard.Variant.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Compares what a server shows with its pins, keeps it, and tells of what is new about it.
final class Inspection {
  private static final Logger log = LoggerFactory.getLogger(Inspection.class);
  private static final int MAX_NAMED = 5;
  private static final int MAX_TOLD = 20_000;

  private final PinStore store;
  private final Judge judge;
  private final Home home;
  private final ConcurrentMap<Count, LongAdder> counts = new ConcurrentHashMap<>();
  private final SequencedSet<String> told = new LinkedHashSet<>();

  private record Count(String what, String server) {}

  /// What was found out about some definitions.
  ///
  /// @param hidden names of those that clients must not have
  /// @param note what there is to say, empty for nothing
  record Report(Set<String> hidden, String note) {}

  Inspection(PinStore store, Judge judge, Home home) {
    this.store = store;
    this.judge = judge;
    this.home = home;
  }

  /// @param ends whether a list ends with these
  Report inspect(String server, Kind kind, List<Definition> definitions, boolean ends)
      throws IOException {
    var file = store.of(server);
    var before = file.pins();
    var harmless = judge.harmless(definitions, before);
    UnaryOperator<Pins> change =
        pins ->
            pins.seen(kind, definitions, ends, home.clock().instant())
                .cleared(judge.signs(), harmless);
    var after = change.apply(before).equals(before) ? before : file.update(change);
    var neighbours = Neighbours.of(store, server);
    var summary = new Summary(server, kind);
    for (var definition : definitions) {
      var form = after.find(definition);
      var state = form.map(Variant::state).orElse(State.NEW);
      if (before.find(definition).isEmpty() && state == State.NEW) {
        summary.fresh(definition, before);
      } else if (state == State.NEW) {
        summary.waits(definition);
      }
      var suspicions = judge.suspicions(definition, neighbours);
      suspicions.forEach(suspicion -> summary.suspects(definition, suspicion));
      if (judge.hides(state, after.forms(definition.id()), suspicions)) {
        summary.hidden.add(definition.name());
      }
    }
    return summary.report();
  }

  /// What there is to say about the definitions of one list, while they are looked at.
  private final class Summary {
    private final String server;
    private final Kind kind;
    private final Map<String, List<String>> notes = new TreeMap<>();
    private final Set<String> hidden = new HashSet<>();

    Summary(String server, Kind kind) {
      this.server = server;
      this.kind = kind;
    }

    void fresh(Definition definition, Pins before) {
      var forms = before.forms(definition.id());
      var what = forms.isEmpty() ? "new" : "changed";
      note(what, definition);
      count(what);
      record("pins/" + what, definition, "SHA-256 " + definition.sha256());
      if (forms.size() > Pins.MAX_UNJUDGED) {
        tellOnce("server \"%s\" changes its %s all the time".formatted(server, definition.id()));
      } else if (!forms.isEmpty()) {
        var lines =
            forms
                .getLast()
                .json()
                .map(old -> DefinitionDiff.of(old, definition.json()))
                .orElse(List.of("(too large to be compared)"));
        log.warn(
            "server \"{}\" has changed its {}:\n{}",
            server,
            definition.id(),
            String.join("\n", lines));
      }
    }

    void waits(Definition definition) {
      note("not approved", definition);
    }

    void suspects(Definition definition, Suspicion suspicion) {
      note(suspicion.type(), definition);
      var what = "server \"%s\": its %s %s".formatted(server, definition.id(), suspicion.what());
      if (tellOnce(what)) {
        count(suspicion.type());
        record("pins/suspicious", definition, suspicion.type() + ": " + suspicion.what());
      }
    }

    private void note(String what, Definition definition) {
      var names = notes.computeIfAbsent(what, _ -> new ArrayList<>());
      var name = definition.name().isEmpty() ? definition.kind().word() : definition.name();
      if (!names.contains(name)) {
        names.add(name);
      }
    }

    private void record(String what, Definition definition, String why) {
      var name = Optional.of(Printable.of(definition.name(), 200)).filter(text -> !text.isEmpty());
      home.journal().note(what, Optional.of(server), name, definition.kind().word() + ", " + why);
    }

    private void count(String what) {
      counts.computeIfAbsent(new Count(what, server), _ -> new LongAdder()).increment();
    }

    Report report() {
      var fresh = notes.getOrDefault("new", List.of());
      if (!fresh.isEmpty()) {
        var level = kind == Kind.RESOURCE ? Level.INFO : Level.WARN; // files come and go
        log.atLevel(level).log("server \"{}\" has a new {}: {}", server, kind.word(), some(fresh));
      }
      for (var name : hidden.stream().sorted().toList()) {
        var names = notes.computeIfAbsent("hidden", _ -> new ArrayList<>());
        names.add(name.isEmpty() ? kind.word() : name);
      }
      var note = new StringJoiner("; ");
      notes.forEach((what, names) -> note.add(what + ": " + some(names)));
      return new Report(hidden, note.toString());
    }

    private static String some(List<String> names) {
      var named = names.stream().limit(MAX_NAMED).map(name -> Printable.of(name, 80)).toList();
      var rest = names.size() - named.size();
      return String.join(", ", named) + (rest == 0 ? "" : " and " + rest + " more");
    }
  }

  private boolean tellOnce(String what) {
    synchronized (told) {
      if (!told.add(what)) {
        return false;
      }
      if (told.size() > MAX_TOLD) {
        told.removeFirst();
      }
    }
    log.warn(what);
    return true;
  }

  Json status() {
    var rows = new ArrayList<Json>();
    counts.forEach((count, sum) ->
        rows.add(
            Json.object("server", count.server, "what", count.what, "definitions", sum.sum())));
    return Json.object("told", Json.array(rows));
  }

  List<Metric> metrics() {
    var metrics = new ArrayList<Metric>();
    counts.forEach((count, sum) ->
        metrics.add(
            new Metric(
                "tool_guard_definitions_total",
                "Definitions of servers that are new, changed or suspicious.",
                Map.of("server", count.server, "what", count.what),
                sum.sum())));
    return metrics;
  }
}
