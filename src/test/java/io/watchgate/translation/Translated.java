package io.watchgate.translation;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.flow.Call;
import io.watchgate.flow.Cancellation;
import io.watchgate.flow.Client;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Refusals;
import io.watchgate.flow.RescueLayer;
import io.watchgate.flow.Seal;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Era;
import io.watchgate.mcp.ProtocolVersion;
import io.watchgate.testkit.RecordingSession;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// A scripted server behind a translation layer.
final class Translated {
  static final Json SELF = Json.trusted("{\"name\":\"gate\",\"version\":\"1\"}");
  static final String EVERYTHING = "{\"elicitation\":{},\"sampling\":{},\"roots\":{}}";
  private static final int PATIENCE_SECONDS = 20;
  private static final AtomicLong IDS = new AtomicLong();

  final ScriptedServer server;
  final TranslationLayer layer;
  final Refusals refusals = new Refusals();
  final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-27T12:00:00Z"));
  private final Handler handler;

  private Translated(ScriptedServer server, Seal seal, Duration patience) {
    this.server = server;
    this.layer =
        new TranslationLayer(
            server,
            SELF,
            new RequestStates(server.name(), seal, refusals, () -> now.get()),
            Time.REAL,
            patience);
    this.handler = new RescueLayer().around(layer.around(server));
  }

  /// A server without sessions.
  static Translated stateless(ScriptedServer.Script script) {
    return stateless(Seal.random(), script);
  }

  static Translated stateless(Seal seal, ScriptedServer.Script script) {
    return new Translated(new ScriptedServer(Era.STATELESS, script), seal, Duration.ofMinutes(5));
  }

  /// A server with sessions.
  static Translated handshake(ScriptedServer.Script script) {
    return handshake(Duration.ofMinutes(5), script);
  }

  /// @param patience how long a call waits for its client
  static Translated handshake(Duration patience, ScriptedServer.Script script) {
    return handshake(Seal.random(), patience, script);
  }

  static Translated handshake(Seal seal, Duration patience, ScriptedServer.Script script) {
    return new Translated(new ScriptedServer(Era.HANDSHAKE, script), seal, patience);
  }

  /// A client without a session that can be asked for these.
  static RecordingSession caller(String capabilities) {
    return new RecordingSession("stateless", Json.trusted(capabilities))
        .speaking(ProtocolVersion.NEWEST_STATELESS);
  }

  /// Parameters that make a claim.
  ///
  /// @param members each with a comma behind
  static String claiming(String members) {
    return claiming(members, "");
  }

  /// @param meta more members of `_meta`, each with a comma behind
  static String claiming(String members, String meta) {
    return """
    {%s"_meta":{%s"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
    "io.modelcontextprotocol/clientInfo":{"name":"c","version":"1"},\
    "io.modelcontextprotocol/clientCapabilities":{}}}\
    """
        .formatted(members, meta);
  }

  Response send(Client from, String method, String params) throws InterruptedException {
    return send(new Call(request(method, params), from));
  }

  Response send(Call call) throws InterruptedException {
    var response = handler.handle(call).response();
    assertThat(response.id()).contains(call.request().id());
    return response;
  }

  /// A request under an id that no other has.
  static Request request(String method, String params) {
    return Request.of(RequestId.of(IDS.incrementAndGet()), method, Json.trusted(params));
  }

  /// A call of a tool, as a stateless client makes it.
  ///
  /// @param members of its parameters, each with a comma behind
  Response call(Client from, String members) throws InterruptedException {
    return send(from, "tools/call", claiming("\"name\":\"t\"," + members));
  }

  /// The retry of a call of a tool.
  Response retry(Client from, Json state, String responses) throws InterruptedException {
    return call(from, "\"inputResponses\":%s,\"requestState\":%s,".formatted(responses, state));
  }

  /// A call that runs on a thread of its own.
  Running start(Client from, String members) {
    var cancellation = new Cancellation();
    var request = request("tools/call", claiming("\"name\":\"t\"," + members));
    var call = new Call(request, from, Deadline.NEVER, cancellation);
    var answer = new FutureTask<>(() -> send(call));
    return new Running(answer, cancellation, Thread.ofVirtual().start(answer));
  }

  /// A call that somebody waits for.
  record Running(FutureTask<Response> answer, Cancellation cancellation, Thread thread) {

    Response await() {
      try {
        return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (Exception e) { // supervised edge: whatever it is, the test fails with it
        throw new AssertionError(e);
      }
    }

    /// The client cancels it.
    void cancel(String reason) throws InterruptedException {
      cancellation.because(reason);
      thread.interrupt();
      thread.join(Duration.ofSeconds(PATIENCE_SECONDS));
    }
  }

  static Json result(Response response) {
    return response.result().orElseThrow(() -> new AssertionError("" + response.toJson()));
  }

  static Json state(Response response) {
    return result(response)
        .member("requestState")
        .orElseThrow(() -> new AssertionError("" + response.toJson()));
  }

  static Response success(Call call, String result) {
    return Response.success(call.request().id(), Json.trusted(result));
  }

  static Response failure(Call call, int code, String message, String data) {
    return Response.failure(call.request().id(), code, message, Json.trusted(data));
  }

  /// What a server asks while it works on a call.
  static Json ask(Call call, String id, String method, String params) throws InterruptedException {
    var request = Request.of(new RequestId(id), method, Json.trusted(params));
    var answer = call.client().ask(request, _ -> {});
    return answer.result().or(answer::error).orElseThrow();
  }
}
