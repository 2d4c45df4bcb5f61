package io.watchgate.routing;

import io.watchgate.flow.Call;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Server;
import io.watchgate.flow.ServerStatus;
import io.watchgate.flow.ServerStatus.Offer;
import io.watchgate.flow.ServerStatus.State;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ListKind;
import io.watchgate.mcp.Method;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/// A server for tests of routing: it has the lists that it is given, answers every other request
/// with its name and the request as it came, and can be down, slow, or odd.
final class FakeServer implements Server {
  /// How a server answers one method.
  @FunctionalInterface
  interface Answer {
    Response to(Call call) throws InterruptedException;
  }

  private final String name;
  private final Map<ListKind, List<Json>> lists = new EnumMap<>(ListKind.class);
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final List<String> prepared = new CopyOnWriteArrayList<>();
  private Json capabilities =
      Json.trusted("{\"tools\":{},\"prompts\":{},\"resources\":{},\"logging\":{}}");
  private Optional<String> instructions = Optional.empty();
  private volatile String revision = "2025-11-25";
  private volatile List<Object> hints = List.of();
  private volatile int pageSize = Integer.MAX_VALUE;
  private volatile State state = State.READY;
  private volatile boolean shared;
  private volatile boolean reached = true;
  private volatile boolean contacted = true;

  FakeServer(String name) {
    this.name = name;
  }

  FakeServer tools(String... names) {
    return list(ListKind.TOOLS, names);
  }

  FakeServer list(ListKind kind, String... keys) {
    var entries = new ArrayList<Json>();
    for (var key : keys) {
      entries.add(Json.object("x", 1, kind.key(), key, "from", name));
    }
    synchronized (lists) {
      lists.put(kind, entries);
    }
    return this;
  }

  FakeServer entries(ListKind kind, String... entries) {
    synchronized (lists) {
      lists.put(kind, List.of(entries).stream().map(Json::trusted).toList());
    }
    return this;
  }

  /// Every list comes with these members beside the entries, as key, value, key, value.
  FakeServer hints(Object... members) {
    hints = List.of(members);
    return this;
  }

  FakeServer stateless() {
    revision = "2026-07-28";
    return this;
  }

  FakeServer pages(int size) {
    pageSize = size;
    return this;
  }

  FakeServer capable(String json) {
    capabilities = Json.trusted(json);
    return this;
  }

  FakeServer instructed(String words) {
    instructions = Optional.of(words);
    return this;
  }

  FakeServer sharedByAll() {
    shared = true;
    return this;
  }

  FakeServer answers(String method, Answer answer) {
    answers.put(method, answer);
    return this;
  }

  FakeServer fails(String method, int code, String message) {
    return answers(
        method, call -> Response.failure(call.request().id(), code, message, Json.EMPTY_OBJECT));
  }

  FakeServer down() {
    contacted = true;
    state = State.FAILED;
    return this;
  }

  FakeServer neverReached() {
    reached = false;
    return down();
  }

  /// The first attempt to reach it goes on until it is up or down.
  FakeServer starting() {
    reached = false;
    contacted = false;
    state = State.CONNECTING;
    return this;
  }

  FakeServer up() {
    reached = true;
    contacted = true;
    state = State.READY;
    return this;
  }

  /// The requests of a method that came here, as text.
  List<String> got(String method) {
    return calls.stream()
        .filter(call -> call.method().equals(method))
        .map(call -> new String(call.message().toBytes(), StandardCharsets.UTF_8))
        .toList();
  }

  List<Call> calls(String method) {
    return calls.stream().filter(call -> call.method().equals(method)).toList();
  }

  List<String> prepared() {
    return prepared;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ServerStatus status() {
    var offer =
        reached
            ? Optional.of(new Offer(capabilities, instructions, revision))
            : Optional.<Offer>empty();
    var why = state == State.READY ? Optional.<String>empty() : Optional.of("it fell over");
    return new ServerStatus(state, offer, why);
  }

  @Override
  public boolean isShared() {
    return shared;
  }

  @Override
  public void prepare(Session session) {
    prepared.add(session.key());
  }

  @Override
  public boolean awaitFirstContact(Duration patience) {
    return contacted;
  }

  @Override
  public Reply handle(Call call) throws InterruptedException {
    calls.add(call);
    if (state != State.READY) {
      throw new Rejection(new Rejection.Unavailable(name, "it fell over", Reach.SENT));
    }
    if (call.message() instanceof Notification) {
      return new Reply.Accepted();
    }
    var answer = answers.get(call.method());
    if (answer != null) {
      return new Reply.Answered(answer.to(call));
    }
    var kind = ListKind.ofMethod(call.method());
    return new Reply.Answered(
        kind.isPresent() ? page(kind.get(), call) : Response.success(id(call), echo(call)));
  }

  private static io.watchgate.jsonrpc.RequestId id(Call call) {
    return call.request().id();
  }

  private Json echo(Call call) {
    return Json.object("server", name, "got", Json.trusted(text(call)));
  }

  private static String text(Call call) {
    return new String(call.request().toBytes(), StandardCharsets.UTF_8);
  }

  private Response page(ListKind kind, Call call) {
    List<Json> all;
    synchronized (lists) {
      all = lists.get(kind);
    }
    if (all == null) {
      return Response.failure(id(call), ErrorCode.METHOD_NOT_FOUND, "none", Json.EMPTY_OBJECT);
    }
    var cursor = call.request().field(io.watchgate.jsonrpc.Field.CURSOR);
    int from = cursor.map(c -> Integer.parseInt(c.text())).orElse(0);
    int to = (int) Math.min(all.size(), (long) from + pageSize);
    var page = Json.array(all.subList(from, to));
    var members = new ArrayList<Object>(List.of(kind.member(), page));
    members.addAll(hints);
    if (to < all.size()) {
      members.addAll(List.of("nextCursor", Integer.toString(to)));
    }
    return Response.success(id(call), Json.object(members.toArray()));
  }

  /// An answer that waits until the test lets it go.
  static Answer held(CountDownLatch until, Answer then) {
    return call -> {
      until.await();
      return then.to(call);
    };
  }

  static Response nothing(Call call) {
    return Response.success(id(call), Json.EMPTY_OBJECT);
  }

  static boolean isList(String method) {
    return method.endsWith("/list") || method.equals(Method.TEMPLATES_LIST);
  }

  /// How many requests for lists came here.
  long listRequests() {
    return calls.stream().filter(call -> isList(call.method())).count();
  }
}
