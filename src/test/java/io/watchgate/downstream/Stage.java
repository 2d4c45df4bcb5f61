package io.watchgate.downstream;

import io.watchgate.flow.Call;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.MethodNotFound;
import io.watchgate.flow.Rejection.Overloaded;
import io.watchgate.flow.Rejection.UnknownResource;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// What stands behind a listener in its tests: a stack whose every method does one thing, and whose
/// calls wait where the test wants them to.
///
/// | method | does |
/// |---|---|
/// | `echo` | answers with the parameters |
/// | `hold` | waits for the gate that `params.gate` names |
/// | `tell` | sends `params.count` notifications of progress, waits for `params.gate`, answers |
/// | `stream` | says that a server streams its answer, waits for the gate, answers |
/// | `ask` | asks the client for its roots and answers with what it said |
/// | `big` | answers with a text of `params.bytes` |
/// | `overloaded` | is refused by the gateway |
/// | `error` | is answered with a server's own -32006 |
/// | `fault` | has a fault |
/// | `headers` | answers with the headers `Mcp-Param-*` that came with the call |
/// | `logged` | sends a log message of `params.level`, then answers |
/// | `changed` | says that the tools have changed, then answers |
/// | `fail` | is answered with a server's own error, behind `params.count` of progress |
/// | `tools/call`, `resources/read` | answers with the parameters |
/// | `resources/subscribe` | succeeds, but for `test://nobody`, and waits for `test://held` |
final class Stage implements Handler {
  private static final Json OFFER =
      Json.trusted(
          """
          {"capabilities":{"tools":{"listChanged":true},"resources":{"subscribe":true},"tasks":{}},\
          "instructions":"Be kind."}\
          """);

  private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
  final BlockingQueue<String> entered = new LinkedBlockingQueue<>();
  final BlockingQueue<String> interrupted = new LinkedBlockingQueue<>();
  final BlockingQueue<String> notified = new LinkedBlockingQueue<>();
  final BlockingQueue<Session> sessions = new LinkedBlockingQueue<>();
  final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
  final BlockingQueue<String> subscribed = new LinkedBlockingQueue<>();

  @Override
  public Reply handle(Call call) throws InterruptedException {
    if (call.message() instanceof Notification notification) {
      notified.add(notification.method());
      return new Reply.Accepted();
    }
    var params = call.request().field(Field.PARAMS).orElse(Json.EMPTY_OBJECT);
    return switch (call.method()) {
      case "server/discover" -> discover(call);
      case "echo", "logging/setLevel", "tools/call", "resources/read" -> answer(call, params);
      case "headers" ->
          answer(
              call,
              Json.string(String.valueOf(call.client().parameterHeaders().map(TreeMap::new))));
      case "logged" -> tellOnce(call, Logged.at(params.textMember("level").orElseThrow()));
      case "changed" -> tellOnce(call, Notification.of("notifications/tools/list_changed"));
      case "fail" -> fail(call, params);
      case "resources/subscribe", "resources/unsubscribe" ->
          subscribe(call, params.textMember("uri").orElseThrow());
      case "hold" -> hold(call, params.textMember("gate").orElse("gate"));
      case "tell" -> tell(call, number(params, "count"), params.textMember("gate"));
      case "stream" -> stream(call);
      case "ask" -> ask(call);
      case "big" -> big(call, number(params, "bytes"));
      case "overloaded" ->
          throw new Rejection(new Overloaded("files", 5, 5, Duration.ofMillis(1500)));
      case "error" ->
          new Reply.Answered(
              Response.failure(call.request().id(), -32006, "mine", Json.EMPTY_OBJECT));
      case "fault" -> throw new IllegalStateException("a fault for the test");
      default -> throw new Rejection(new MethodNotFound(call.method()));
    };
  }

  private static int number(Json params, String key) {
    return Integer.parseInt(params.member(key).orElseThrow().toString());
  }

  private Reply big(Call call, int bytes) {
    entered.add("big");
    return answer(call, Json.string("x".repeat(bytes)));
  }

  private Reply discover(Call call) {
    var session = call.client().session();
    sessions.add(session);
    session.onClose(() -> closed.add(session.key()));
    return answer(call, OFFER);
  }

  private Reply hold(Call call, String gate) throws InterruptedException {
    entered.add(gate);
    try {
      gate(gate).await();
    } catch (InterruptedException e) {
      interrupted.add(gate + ": " + call.cancellation().reason().orElse("no reason"));
      throw e;
    }
    return answer(call, Json.string(gate));
  }

  private Reply stream(Call call) throws InterruptedException {
    call.client().streaming(Duration.ofMillis(250));
    if (call.client().session().version().hasPrimingEvents()) {
      gate("gate").await();
    }
    return answer(call, Json.string("streamed"));
  }

  private static Reply fail(Call call, Json params) {
    if (params.member("count").isPresent()) {
      progress(call, number(params, "count"));
    }
    var code = number(params, "code");
    return new Reply.Answered(
        Response.failure(call.request().id(), code, "mine", Json.EMPTY_OBJECT));
  }

  private Reply tell(Call call, int count, Optional<String> gate) throws InterruptedException {
    progress(call, count);
    if (gate.isPresent()) {
      var _ = hold(call, gate.get());
    }
    return answer(call, Json.string("told"));
  }

  private static void progress(Call call, int count) {
    for (int i = 1; i <= count; i++) {
      var params = Json.object("progressToken", "t", "progress", i);
      call.client().tell(Notification.of("notifications/progress", params));
    }
  }

  private static Reply tellOnce(Call call, Notification notification) {
    call.client().tell(notification);
    return answer(call, Json.string("told"));
  }

  private Reply subscribe(Call call, String uri) throws InterruptedException {
    subscribed.add(call.method() + " " + uri);
    if (uri.equals("test://held")) {
      return hold(call, uri);
    }
    if (uri.equals("test://nobody")) {
      throw new Rejection(new UnknownResource(uri));
    }
    return answer(call, Json.EMPTY_OBJECT);
  }

  private static Reply ask(Call call) throws InterruptedException {
    var request = Request.of(RequestId.of(1), "roots/list", Json.EMPTY_OBJECT);
    var response = call.client().ask(request, _ -> {});
    return answer(call, response.result().or(response::error).orElseThrow());
  }

  private static Reply answer(Call call, Json result) {
    return new Reply.Answered(Response.success(call.request().id(), result));
  }

  private CountDownLatch gate(String name) {
    return gates.computeIfAbsent(name, _ -> new CountDownLatch(1));
  }

  void open(String gate) {
    gate(gate).countDown();
  }

  /// The next of a queue, which must come within 20 s.
  static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    var next = queue.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came within 20 s");
    }
    return next;
  }
}
