package io.watchgate;

import static io.watchgate.GatewayContext.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.watchgate.flow.Refusals.Kind;
import io.watchgate.hosting.PluginSettings.Terms;
import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.AuditRecord.Event;
import io.watchgate.plugin.AuditRecord.Outcome;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Exchange;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.Recorder;
import io.watchgate.plugin.Verdict;
import io.watchgate.testkit.RawHttp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is on record of what happens, through the whole gateway.
class AuditScenariosTest {
  private static final Json TEXT = Json.object("text", "hello");

  @TempDir private Path directory = Path.of("");

  /// Keeps records in the memory.
  private static final class Memory implements Recorder {
    private final List<AuditRecord> records = new CopyOnWriteArrayList<>();
    private final AtomicReference<Optional<String>> trouble =
        new AtomicReference<>(Optional.empty());
    private final Set<Event> bodies;

    Memory(Event... bodies) {
      this.bodies = bodies.length == 0 ? Set.of() : EnumSet.copyOf(List.of(bodies));
    }

    @Override
    public Set<Event> bodies() {
      return bodies;
    }

    @Override
    public Receipt record(AuditRecord record) {
      records.add(record);
      return Receipt.KEPT;
    }

    @Override
    public Optional<String> trouble() {
      return trouble.get();
    }

    List<AuditRecord> of(String method) {
      return records.stream().filter(each -> each.subject().method().equals(method)).toList();
    }

    AuditRecord only(String method) {
      assertThat(of(method)).as(method).hasSize(1);
      return of(method).getFirst();
    }
  }

  private static Outcome outcome(AuditRecord record) {
    return record.ending().orElseThrow().outcome();
  }

  private static List<String> lines(Memory memory) {
    return memory.records.stream()
        .map(each -> (each.event() + " " + each.subject().method() + " " + outcome(each)))
        .toList();
  }

  @Test
  void aCallLeavesTwoRecordsThatSayWhoAskedWhomForWhat() {
    var memory = new Memory();
    try (var context = GatewayContext.with(server("a")).plugin("memory", memory).start()) {
      var _ = context.client().call("a__echo", TEXT);

      var both = memory.of("tools/call");
      assertThat(both)
          .extracting(AuditRecord::event, AuditScenariosTest::outcome)
          .containsExactly(
              tuple(Event.REQUEST, Outcome.ALLOWED), tuple(Event.RESPONSE, Outcome.COMPLETED));
      assertThat(both).extracting(AuditRecord::origin).containsOnly(both.getFirst().origin());
      assertThat(both).extracting(each -> each.subject().server()).containsOnly(Optional.of("a"));
      assertThat(both)
          .extracting(each -> each.subject().name())
          .containsOnly(Optional.of("a__echo"));
      assertThat(both.getFirst().origin().principal()).contains("local");
      assertThat(both).extracting(each -> each.payload().body()).containsOnly(Optional.empty());
    }
  }

  @Test
  void theGatewayItsServersAndItsClientsComeAndGoOnRecord() {
    var memory = new Memory();
    try (var context = GatewayContext.with(server("a")).plugin("memory", memory).start()) {
      var client = context.client();
      var _ = client.call("a__echo", TEXT);
      client.close();
      await().until(() -> !memory.of("session/closed").isEmpty());
    }

    assertThat(lines(memory))
        .containsSubsequence(
            "LIFECYCLE gateway/started ALLOWED",
            "LIFECYCLE session/opened ALLOWED",
            "LIFECYCLE session/closed ALLOWED",
            "LIFECYCLE gateway/stopped ALLOWED");
    assertThat(memory.only("upstream/ready").subject().server()).contains("a");
    assertThat(memory.only("session/opened").origin())
        .isEqualTo(memory.only("session/closed").origin());
  }

  @Test
  void aServerThatDiesIsOnRecordWithTheCause() {
    var memory = new Memory();
    try (var context = GatewayContext.with(server("a")).plugin("memory", memory).start()) {
      var _ = context.client().call("a__die", Json.object("status", 7));
      await().until(() -> !memory.of("upstream/failed").isEmpty());
      assertThat(memory.of("upstream/failed").getFirst().ending().orElseThrow().reason())
          .contains("7");
    }
  }

  @Test
  void whatAServerTellsAndAsksIsOnRecordUnderTheIdOfTheCall() {
    var memory = new Memory();
    try (var context = GatewayContext.with(server("a")).plugin("memory", memory).start()) {
      var client = context.client("{\"elicitation\":{}}");
      var _ = client.call("a__elicit", Json.object("message", "Who?"));
      var _ = client.call("a__log", Json.object("level", "error", "text", "x"));

      var call = memory.of("tools/call").getFirst().origin().requestId().orElseThrow();
      var asks = memory.of("elicitation/create");
      assertThat(asks)
          .extracting(AuditRecord::event)
          .containsExactly(Event.REQUEST, Event.RESPONSE);
      assertThat(asks)
          .allSatisfy(
              each -> assertThat(each.origin().requestId().orElseThrow()).startsWith(call + "."));
      assertThat(memory.only("notifications/message").event()).isEqualTo(Event.NOTIFICATION);
    }
  }

  @Test
  void pluginsKnowACallByTheIdThatIsOnRecord() {
    var memory = new Memory();
    var plugins = "middleware: {_global: [{handler: call_trace}]}";
    try (var context =
        GatewayContext.with(server("a"))
            .plugins(directory, plugins)
            .plugin("memory", memory)
            .start()) {
      var answer = context.client().call("a__echo", TEXT).toJson().toString();

      var id = memory.of("tools/call").getFirst().origin().requestId().orElseThrow();
      assertThat(answer).contains(id).doesNotContain(id + ".");
    }
  }

  @Test
  void whatIsNoMessageAndWhoMayNotComeInIsOnRecordAsRefused()
      throws IOException, InterruptedException {
    var memory = new Memory();
    try (var context = GatewayContext.with(server("a")).plugin("memory", memory).start()) {
      int port = context.http();
      var ping = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
      post(port, "{\"jsonrpc\":");
      post(port, ping, "Origin: http://evil.example");
      post(port, ping, "Mcp-Session-Id: forged");
      try (var raw = RawHttp.connect(port)) {
        var _ = raw.request("GET", "/secret", "").read();
      }

      assertThat(memory.only("refused/message").ending().orElseThrow().code()).hasValue(-32700);
      assertThat(memory.only("refused/host").ending().orElseThrow().reason())
          .contains("evil.example");
      assertThat(memory.only("refused/session_id").event()).isEqualTo(Event.REFUSAL);
      assertThat(memory.only("refused/http").ending().orElseThrow().code()).hasValue(404);
    }
  }

  private static void post(int port, String body, String... headers) throws IOException {
    var all = new ArrayList<>(List.of(headers));
    all.add("Content-Type: application/json");
    all.add("Accept: application/json, text/event-stream");
    try (var raw = RawHttp.connect(port)) {
      var _ = raw.request("POST", "/mcp", body, all.toArray(String[]::new)).read();
    }
  }

  @Test
  void aBodyIsKeptAsPluginsLeftItAndOnlyForWhoeverAsksForIt() {
    var bodies = new Memory(Event.REQUEST);
    var none = new Memory();
    Plugin hide =
        new Plugin() {
          @Override
          public Verdict onRequest(Exchange exchange, Content params) {
            return exchange.method().equals("tools/call")
                ? new Verdict.Replace(
                    params.json().with("arguments", Json.object("text", "…")), "hid it")
                : Verdict.PASS;
          }
        };
    try (var context =
        GatewayContext.with(server("a"))
            .plugin("hide", hide)
            .plugin("bodies", bodies)
            .plugin("none", none)
            .start()) {
      assertThat(context.client().text("a__echo", TEXT)).isEqualTo("…");

      var request = bodies.of("tools/call").getFirst();
      assertThat(outcome(request)).isEqualTo(Outcome.MODIFIED);
      assertThat(request.payload().body().orElseThrow().toString()).contains("…");
      assertThat(bodies.records.toString()).doesNotContain("hello");
      assertThat(bodies.of("tools/call").getLast().payload().body()).isEmpty();
      assertThat(none.of("tools/call"))
          .extracting(each -> each.payload().body())
          .containsOnly(Optional.empty());
    }
  }

  @Test
  void whatACriticalPluginCouldNotJudgeIsOnRecordAsBlockedAndWithoutItsBody() {
    var memory = new Memory(Event.NOTIFICATION);
    Plugin broken =
        new Plugin() {
          @Override
          public Verdict onNotification(Exchange exchange, Content params) {
            throw new IllegalStateException("broken");
          }
        };
    try (var context =
        GatewayContext.with(server("a"))
            .plugin("broken", broken)
            .plugin("memory", memory)
            .start()) {
      var _ = context.client().call("a__log", Json.object("level", "error", "text", "hello"));
      await().until(() -> !memory.of("notifications/message").isEmpty());

      var told = memory.only("notifications/message");
      assertThat(outcome(told)).isEqualTo(Outcome.BLOCKED);
      assertThat(told.payload().body()).isEmpty();
      assertThat(told.plugins())
          .singleElement()
          .satisfies(said -> assertThat(said.reason()).contains("it failed"));
    }
  }

  @Test
  void aCriticalRecorderInTroubleStopsCallsUntilItIsWellAgain() {
    var memory = new Memory();
    try (var context = GatewayContext.with(server("a")).plugin("memory", memory).start()) {
      var client = context.client();
      memory.trouble.set(Optional.of("no space left on device"));

      var refused = client.call("a__echo", TEXT);

      assertThat(refused.errorCode()).isEqualTo(-32005);
      assertThat(refused.errorMessage()).contains("\"memory\"", "no space left");
      assertThat(context.gateway().trouble().orElseThrow()).contains("no space left");
      memory.trouble.set(Optional.empty());
      assertThat(client.text("a__echo", TEXT)).isEqualTo("hello");
    }
  }

  @Test
  void aRecorderThatIsNotCriticalIsNoCallsConcern() {
    var memory = new Memory();
    memory.trouble.set(Optional.of("no space left on device"));
    var terms = new Terms(true, 50, false, Optional.empty());
    try (var context = GatewayContext.with(server("a")).plugin("memory", terms, memory).start()) {
      assertThat(context.client().text("a__echo", TEXT)).isEqualTo("hello");
      assertThat(context.gateway().trouble()).isEmpty();
    }
  }

  @Test
  void aToolThatIsNewIsOnRecord() {
    var memory = new Memory();
    var guard = "security: {_global: [{handler: tool_guard, config: {directory: pins}}]}";
    try (var context =
        GatewayContext.with(server("a"))
            .plugins(directory, guard)
            .plugin("memory", memory)
            .start()) {
      var client = context.client();
      var _ = client.request("tools/list", Json.EMPTY_OBJECT);
      var _ = client.call("a__add_tool", Json.object("name", "fresh"));
      await()
          .until(() -> {
            var _ = client.request("tools/list", Json.EMPTY_OBJECT);
            return !memory.of("pins/new").isEmpty();
          });

      var pinned = memory.only("pins/new");
      assertThat(pinned.subject().server()).contains("a");
      assertThat(pinned.subject().name()).contains("fresh");
      assertThat(pinned.plugins().getFirst().plugin()).isEqualTo("tool_guard");
    }
  }

  @Test
  void theListThatAClientSeesIsOnRecordByItsDigest() {
    var memory = new Memory();
    try (var context = GatewayContext.with(server("a")).plugin("memory", memory).start()) {
      var client = context.client();
      var _ = client.request("tools/list", Json.EMPTY_OBJECT);
      var _ = client.request("tools/list", Json.EMPTY_OBJECT);

      var digests =
          memory.of("tools/list").stream()
              .flatMap(each -> each.payload().digest().stream())
              .toList();
      assertThat(digests).hasSize(2).containsOnly(digests.getFirst());
      assertThat(digests.getFirst()).hasSize(64);
    }
  }

  @Test
  void aFloodOfRefusalsIsRecordedAsANumber() throws IOException {
    var memory = new Memory();
    try (var context = GatewayContext.with(server("a")).plugin("memory", memory).start()) {
      for (int i = 0; i < 5000; i++) {
        context.gateway().terms().refusals().add(Kind.TOKEN, "none");
      }
      assertThat(memory.of("refused/token")).hasSizeBetween(100, 4900);
    }
  }
}
