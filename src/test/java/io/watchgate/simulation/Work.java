package io.watchgate.simulation;

import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.MetaKey;
import io.watchgate.mcp.Method;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What a server does for one request.
final class Work {
  private static final Json CAPABILITIES =
      Json.trusted("{\"tools\":{\"listChanged\":true},\"resources\":{\"subscribe\":true}}");
  private static final Json SERVER_INFO = Json.trusted("{\"name\":\"sim\",\"version\":\"1\"}");

  private final ServerLine line;
  private final SimulatedServer server;
  private final World world;
  private final Request request;
  private final Consumer<byte[]> way;
  private final Consumer<String> onBroken;
  private final long begunNanos;
  private boolean isOver;

  Work(ServerLine line, Request request, Consumer<byte[]> way, Consumer<String> onBroken) {
    this.line = line;
    this.server = line.server();
    this.world = server.world();
    this.request = request;
    this.way = way;
    this.onBroken = onBroken;
    this.begunNanos = world.elapsedNanos();
  }

  String id() {
    return request.id().json();
  }

  void begin() {
    var temper = server.temper();
    switch (request.method()) {
      case Method.INITIALIZE -> open(temper.shakesHands(), this::greeting);
      case Method.DISCOVER -> open(temper.isStateless(), Work::discovered);
      case Method.TOOLS_LIST -> list();
      case Method.TOOLS_CALL -> call();
      case Method.RESOURCES_LIST -> listResources();
      case Method.RESOURCES_READ -> read();
      case Method.RESOURCES_SUBSCRIBE -> subscribe();
      case Method.RESOURCES_UNSUBSCRIBE -> answer(Json.EMPTY_OBJECT);
      case Method.LISTEN -> listen();
      case Method.PING -> answer(Json.EMPTY_OBJECT);
      default -> refuse();
    }
  }

  private void refuse() {
    say(Response.failure(request.id(), ErrorCode.METHOD_NOT_FOUND, "no", Json.EMPTY_OBJECT));
  }

  private void open(boolean isSpoken, Supplier<Json> offer) {
    double trouble = server.temper().trouble();
    if (!isSpoken) {
      refuse();
    } else if (world.chance(trouble * 0.1)) {
      server.crash();
    } else if (!world.chance(trouble * 0.1)) { // otherwise it keeps silent
      later(Duration.ofMillis(700), () -> answer(offer.get()));
    }
  }

  private Json greeting() {
    var params = request.field(Field.PARAMS).orElseThrow();
    line.mayAsk(
        params.member("capabilities").flatMap(all -> all.member("elicitation")).isPresent());
    return Json.object(
        "protocolVersion",
        params.textMember("protocolVersion").orElseThrow(),
        "capabilities",
        CAPABILITIES,
        "serverInfo",
        SERVER_INFO);
  }

  private static Json discovered() {
    return Json.object(
        "resultType",
        "complete",
        "supportedVersions",
        Json.trusted("[\"2026-07-28\"]"),
        "capabilities",
        CAPABILITIES,
        "serverInfo",
        SERVER_INFO);
  }

  private void list() {
    if (world.chance(server.temper().trouble() * 0.1)) {
      return; // silence
    }
    var tool = Json.trusted("{\"name\":\"echo\",\"inputSchema\":{\"type\":\"object\"}}");
    var result = Json.object("tools", Json.array(List.of(tool)));
    later(Duration.ofMillis(400), () -> answer(claims() ? complete(result) : result));
  }

  private boolean claims() {
    return request.field(Field.META_PROTOCOL_VERSION).isPresent();
  }

  private static Json complete(Json result) {
    return result
        .plus("resultType", Json.string("complete"))
        .plus("ttlMs", Json.trusted("0"))
        .plus("cacheScope", Json.string("private"));
  }

  private void listResources() {
    var resource = Json.object("uri", server.resource(), "name", "doc");
    var result = Json.object("resources", Json.array(List.of(resource)));
    later(Duration.ofMillis(400), () -> answer(claims() ? complete(result) : result));
  }

  private void read() {
    if (world.chance(server.temper().trouble() * 0.2)) {
      return; // silence
    }
    var uri = request.text(Field.URI).orElseThrow();
    var content = Json.object("uri", uri, "text", "what is there");
    var result = Json.object("contents", Json.array(List.of(content)));
    later(server.temper().slowest(), () -> answer(claims() ? kept(result) : result));
  }

  private Json kept(Json result) {
    return result
        .plus("resultType", Json.string("complete"))
        .plus("ttlMs", Json.trusted(world.chance(0.5) ? "0" : "2000"))
        .plus("cacheScope", Json.string(world.chance(0.5) ? "private" : "public"));
  }

  private void subscribe() {
    var uri = request.text(Field.URI).orElseThrow();
    answer(Json.EMPTY_OBJECT);
    tellUpdates(Json.object("uri", uri), line::isOpen, line::speak);
  }

  private void tellUpdates(Json params, BooleanSupplier wanted, Consumer<byte[]> outlet) {
    for (int i = world.between(0, 3); i > 0; i--) {
      world.after(
          world.upTo(Duration.ofSeconds(20)),
          line.label() + " tells of a change",
          () -> {
            if (wanted.getAsBoolean()) {
              outlet.accept(Notification.of(Method.RESOURCE_UPDATED, params).toBytes());
            }
          });
    }
  }

  private void listen() {
    var tag = Json.object(MetaKey.SUBSCRIPTION_ID, Json.trusted(id()));
    request
        .field(Field.PARAMS)
        .flatMap(params -> params.member("notifications"))
        .flatMap(wanted -> wanted.member("resourceSubscriptions"))
        .map(Json::elements)
        .orElse(List.of())
        .forEach(uri -> tellUpdates(Json.object("uri", uri, "_meta", tag), () -> !isOver(), way));
    var params =
        Json.object(
            "notifications",
            request.field(Field.PARAMS).flatMap(p -> p.member("notifications")).orElseThrow(),
            "_meta",
            tag);
    way.accept(Notification.of(Method.ACKNOWLEDGED, params).toBytes());
  }

  private void call() {
    var token =
        request.field(Field.ARGUMENTS).flatMap(a -> a.textMember("token")).orElse("no token");
    var state = request.field(Field.REQUEST_STATE).map(Json::toString).orElse("");
    server.ledger().executes(server.name(), token, state, this);
    double trouble = server.temper().trouble();
    if (!state.isEmpty() || !world.chance(trouble)) {
      later(server.temper().slowest(), () -> answer(echo(token)));
    } else if (world.chance(server.temper().crashes())) {
      later(server.temper().slowest(), this::crash);
    } else {
      makeTrouble(token);
    }
  }

  private void crash() {
    if (!isOver) {
      server.crash();
    }
  }

  private void makeTrouble(String token) {
    switch (world.between(0, 9)) {
      case 0 -> {} // silence
      case 1 -> later(server.temper().slowest(), this::fail);
      case 2 -> progress(token, world.between(1, 6));
      case 3, 4, 5 -> later(server.temper().slowest(), () -> ask(token));
      case 6 -> {
        later(server.temper().slowest(), () -> answer(echo(token)));
        later(server.temper().slowest(), () -> repeat(echo(token)));
      }
      case 7 -> {
        later(server.temper().slowest(), () -> stray(token));
        later(server.temper().slowest(), () -> answer(echo(token)));
      }
      case 8 -> later(server.patience().multipliedBy(2), () -> answer(echo(token)));
      default -> {
        way.accept(Notification.of(ofTools()).toBytes());
        if (!claims()) {
          line.ping(way);
        }
        later(server.temper().slowest(), () -> answer(echo(token)));
      }
    }
  }

  private static String ofTools() {
    return "notifications/tools/list_changed";
  }

  private Json echo(String token) {
    var text = Json.object("type", "text", "text", token);
    var result = Json.object("content", Json.array(List.of(text)));
    return claims() ? result.plus("resultType", Json.string("complete")) : result;
  }

  private void fail() {
    if (!isOver) {
      say(Response.failure(request.id(), ErrorCode.INTERNAL, "it failed", Json.EMPTY_OBJECT));
    }
  }

  private void progress(String token, int steps) {
    var wait = server.patience().multipliedBy(world.between(1, 9)).dividedBy(10);
    world.after(
        wait,
        line.label() + " goes on",
        () -> {
          if (isOver) {
            return;
          }
          if (steps == 0) {
            answer(echo(token));
            return;
          }
          request
              .field(Field.META_PROGRESS_TOKEN)
              .map(wanted -> Json.object("progressToken", wanted, "progress", 10 - steps))
              .map(params -> Notification.of(Method.PROGRESS, params).toBytes())
              .ifPresent(way);
          progress(token, steps - 1);
        });
  }

  /// Asks the client behind the call, in the way of its era.
  private void ask(String token) {
    if (isOver) {
      return;
    }
    var params =
        Json.object(
            "message",
            token,
            "requestedSchema",
            Json.trusted("{\"type\":\"object\",\"properties\":{\"token\":{\"type\":\"string\"}}}"));
    if (!mayAsk()) {
      answer(echo(token));
    } else if (claims()) {
      var input = Json.object("method", Method.ELICIT, "params", params);
      answer(
          Json.object(
              "resultType",
              "input_required",
              "inputRequests",
              Json.object("q", input),
              "requestState",
              "after " + token));
    } else {
      line.ask(params, way, response -> asked(token, response));
    }
  }

  private boolean mayAsk() {
    return claims()
        ? request
            .field(Field.META_CLIENT_CAPABILITIES)
            .flatMap(declared -> declared.member("elicitation"))
            .isPresent()
        : line.mayAsk();
  }

  private void asked(String token, Response response) {
    response
        .result()
        .flatMap(result -> result.member("content"))
        .flatMap(content -> content.textMember("token"))
        .filter(answered -> !answered.equals(token))
        .ifPresent(other ->
            server.ledger().broken("%s asked about %s and got %s".formatted(id(), token, other)));
    later(server.temper().slowest(), () -> answer(echo(token)));
  }

  /// What nobody asked for.
  private void stray(String token) {
    var id = RequestId.of(1_000_000 + world.between(0, 9));
    way.accept(Response.success(id, echo("stray " + token)).toBytes());
    line.babble();
  }

  private void later(Duration most, Runnable action) {
    world.after(world.upTo(most), line.label() + " works", action);
  }

  private void answer(Json result) {
    if (!isOver) {
      say(Response.success(request.id(), result));
    }
  }

  private void repeat(Json result) {
    if (line.isOpen()) {
      way.accept(Response.success(request.id(), result).toBytes());
    }
  }

  private void say(Response response) {
    over();
    way.accept(response.toBytes());
  }

  private void over() {
    isOver = true;
    line.finished(this);
  }

  /// The gateway waits no more. Some servers answer all the same.
  void cancelled() {
    world.story().tell(line.label(), "gives up " + id());
    if (world.chance(0.3)) {
      later(Duration.ofSeconds(1), () -> repeat(echo("too late")));
    }
    over();
  }

  void broken(String why) {
    isOver = true;
    onBroken.accept(why);
  }

  /// Whether the server still works for somebody.
  boolean isOver() {
    return isOver || !line.isOpen();
  }

  /// What was just asked may be under way: the gateway keeps servers warm by itself.
  void checkEnd() {
    boolean isNew = world.elapsedNanos() - begunNanos < server.patience().toNanos();
    if (!isOver && !isNew && !request.method().equals(Method.LISTEN)) {
      server
          .ledger()
          .broken(line.label() + " was never told that nobody waits for " + request.method());
    }
  }
}
