package io.watchgate.simulation;

import io.watchgate.downstream.DirectListener;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.jsonrpc.Message;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.MetaKey;
import io.watchgate.mcp.Method;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// A client of either era that does a little of everything, and then goes, or just is gone.
final class SimulatedClient {
  private static final int PROBES = 3;

  /// Longer than a circuit is open.
  private static final Duration RECOVERY = Duration.ofSeconds(61);

  private static final Duration FOREVER = Duration.ofDays(1);

  private final World world;
  private final Ledger ledger;
  private final Plan plan;
  private final String name;
  private final boolean isStateless;
  private final boolean canBeAsked;
  private final Mailbox in;
  private final Mailbox out;
  private final DirectListener.Conversation conversation;
  private final Map<String, Sent> sent = new LinkedHashMap<>();
  private final Set<String> watched = new HashSet<>();
  private final Set<Json> listening = new HashSet<>();
  private long lastId;
  private boolean isGone;

  /// What the client waits for.
  private record Sent(Question question, CompletableFuture<Response> answer) {}

  /// What the client asks.
  ///
  /// @param tool empty when no tool is called
  /// @param token what the answer must contain, empty for anything
  private record Question(String method, Json params, String tool, String token) {
    static Question of(String method, Json params) {
      return new Question(method, params, "", "");
    }

    Duration longest(Plan plan) {
      return method.equals(Method.LISTEN) ? FOREVER : plan.longestCall();
    }

    boolean isReturn() {
      return params.member("requestState").isPresent();
    }
  }

  SimulatedClient(World world, Ledger ledger, Plan plan, DirectListener listener, String name) {
    this.world = world;
    this.ledger = ledger;
    this.plan = plan;
    this.name = name;
    this.isStateless = world.chance(0.4);
    this.canBeAsked = world.chance(0.7);
    this.in = new Mailbox(world, name + " hears");
    this.out = new Mailbox(world, name + " speaks");
    var principal = isStateless && world.chance(0.5) ? "everybody" : name;
    this.conversation = listener.connect(name, principal, this::hear);
  }

  /// Does it all; returns when the client is gone.
  void live() {
    world.pause(world.upTo(Duration.ofSeconds(5)));
    greet();
    for (int i = world.between(3, 15); i > 0 && !isGone; i--) {
      act();
      world.pause(world.upTo(Duration.ofSeconds(4)));
    }
    if (world.chance(0.7)) {
      List.copyOf(sent.values()).stream()
          .filter(each -> !each.question.method.equals(Method.LISTEN))
          .forEach(each -> {
            var _ = await(each.answer);
          });
    }
    leave();
  }

  /// Calls every server when all are well: whatever happened before, each has to answer soon.
  void probe() {
    greet();
    for (var server : plan.serverNames()) {
      if (!isThere(server)) {
        ledger.broken("all servers are well, but " + server + " cannot be called any more");
      }
    }
    leave();
  }

  /// A circuit may be open, and what is known of a server's era out of date: both heal by calls.
  private boolean isThere(String server) {
    for (int i = 0; i < PROBES; i++) {
      if (await(call(server)).flatMap(Response::result).isPresent()) {
        return true;
      }
      world.pause(RECOVERY);
    }
    return false;
  }

  private void greet() {
    if (!isStateless) {
      var greeting = ask(Question.of(Method.INITIALIZE, introduction()));
      if (world.chance(0.9)) {
        var _ = await(greeting);
      }
      say(Notification.of(Method.INITIALIZED));
    }
  }

  private Json introduction() {
    return Json.object(
        "protocolVersion",
        "2025-11-25",
        "capabilities",
        capabilities(),
        "clientInfo",
        Json.object("name", name, "version", "1"));
  }

  private Json capabilities() {
    return canBeAsked ? Json.trusted("{\"elicitation\":{}}") : Json.EMPTY_OBJECT;
  }

  private void act() {
    int draw = world.between(0, 22);
    if (draw < 13) {
      var _ = call(world.oneOf(plan.serverNames()));
    } else if (draw < 16) {
      cancelOne();
    } else if (draw < 18) {
      var _ = ask(Question.of(Method.TOOLS_LIST, Json.EMPTY_OBJECT));
    } else if (draw < 20) {
      var uri = "sim://" + world.oneOf(plan.serverNames()) + "/doc";
      var _ = ask(new Question(Method.RESOURCES_READ, Json.object("uri", uri), "", uri));
    } else if (draw < 21) {
      subscribe();
    } else if (draw < 22) {
      var unknown = Json.object("name", "nobody__knows", "arguments", Json.EMPTY_OBJECT);
      var _ = ask(Question.of(Method.TOOLS_CALL, unknown));
    } else if (!isStateless) {
      var _ = ask(Question.of(Method.PING, Json.EMPTY_OBJECT));
    }
  }

  private void subscribe() {
    var uri = "sim://" + world.oneOf(plan.serverNames()) + "/doc";
    watched.add(uri);
    if (isStateless) {
      var uris = Json.array(List.of(Json.string(uri)));
      var filter = Json.object("resourceSubscriptions", uris);
      var _ = ask(Question.of(Method.LISTEN, Json.object("notifications", filter)));
    } else {
      var _ = ask(Question.of(Method.RESOURCES_SUBSCRIBE, Json.object("uri", uri)));
    }
  }

  private CompletableFuture<Response> call(String server) {
    var token = name + "-" + (lastId + 1);
    var tool = server + "__echo";
    var params = Json.object("name", tool, "arguments", Json.object("token", token));
    if (world.chance(0.6)) {
      params = params.plus("_meta", Json.object("progressToken", "of " + (lastId + 1)));
    }
    return ask(new Question(Method.TOOLS_CALL, params, tool, token));
  }

  private Json claiming(Json params) {
    if (!isStateless) {
      return params;
    }
    var meta =
        params
            .member("_meta")
            .orElse(Json.EMPTY_OBJECT)
            .set(MetaKey.PROTOCOL_VERSION, Json.string("2026-07-28"))
            .set(MetaKey.CLIENT_INFO, Json.object("name", name, "version", "1"))
            .set(MetaKey.CLIENT_CAPABILITIES, capabilities());
    return params.set("_meta", meta);
  }

  private void cancelOne() {
    var open = new ArrayList<>(sent.keySet());
    if (!open.isEmpty()) {
      var id = world.oneOf(open);
      ledger.cancelled(name, id);
      var waiting = sent.get(id);
      if (waiting != null) {
        boolean _ = waiting.answer.cancel(false);
      }
      var params = Json.object("requestId", Json.trusted(id), "reason", "changed my mind");
      say(Notification.of(Method.CANCELLED, claiming(params)));
    }
  }

  private CompletableFuture<Response> ask(Question question) {
    var id = RequestId.of(++lastId);
    var waiting = new Sent(question, new CompletableFuture<>());
    sent.put(id.json(), waiting);
    ledger.asked(name, id.json(), question.token, question.isReturn(), question.longest(plan));
    say(Request.of(id, question.method, claiming(question.params)));
    return waiting.answer;
  }

  private void say(Message message) {
    out.add(() -> {
      if (!isGone) {
        world.story().tell(name, "-> " + text(message.toBytes()));
        conversation.take(message.toBytes(), this::answer);
      }
    });
  }

  private void answer(byte[] message) {
    plan.mischief().onAnswer(world, message, this::hear);
  }

  private boolean hear(byte[] message) {
    if (isGone) {
      return false;
    }
    in.add(() -> {
      if (!isGone) {
        world.story().tell(name, "<- " + text(message));
        take(message);
      }
    });
    return true;
  }

  private void take(byte[] bytes) {
    try {
      switch (Message.read(bytes, Limits.DEFAULT)) {
        case Response response -> answered(response);
        case Request request -> asked(request);
        case Notification notification -> told(notification);
      }
    } catch (MalformedMessage malformed) {
      ledger.broken(name + " got what is no message: " + text(bytes));
    }
  }

  private void answered(Response response) {
    ledger.answered(name, response);
    var waiting = sent.remove(response.id().orElseThrow().json());
    if (waiting == null) {
      return; // the ledger knows that this is wrong
    }
    boolean _ = waiting.answer.complete(response);
    response
        .result()
        .filter(r -> r.textMember("resultType").filter("input_required"::equals).isPresent())
        .ifPresent(result -> comeBack(waiting.question, result));
  }

  /// A call goes on in the next round, if the client still likes.
  private void comeBack(Question question, Json result) {
    if (!isStateless) {
      ledger.broken(name + " has a session and is asked for input in a result");
      return;
    }
    ledger.count("asked for input");
    var answers = Json.EMPTY_OBJECT;
    for (var input : result.member("inputRequests").orElseThrow().members()) {
      requireMine(input.value().member("params").orElseThrow());
      answers = answers.plus(input.key(), consent(question.token));
    }
    var params =
        Json.object(
            "name",
            question.tool,
            "arguments",
            Json.object("token", question.token),
            "inputResponses",
            answers,
            "requestState",
            result.member("requestState").orElseThrow());
    var next = new Question(question.method, params, question.tool, question.token);
    if (world.chance(0.8)) {
      world.after(
          world.upTo(Duration.ofSeconds(3)),
          name + " comes back",
          () -> {
            if (!isGone) {
              var _ = ask(next);
            }
          });
    }
  }

  private static Json consent(String token) {
    return Json.object("action", "accept", "content", Json.object("token", token));
  }

  private void asked(Request request) {
    ledger.count("asked for input");
    var params = request.field(Field.PARAMS).orElseThrow();
    requireMine(params);
    var token = params.textMember("message").orElseThrow();
    if (!canBeAsked) {
      ledger.broken(name + " is asked though it said that it cannot be");
    }
    if (world.chance(0.8)) {
      var result = world.chance(0.8) ? consent(token) : Json.object("action", "decline");
      world.after(
          world.upTo(Duration.ofSeconds(6)),
          name + " decides",
          () -> say(Response.success(request.id(), result)));
    }
  }

  private void requireMine(Json params) {
    var about = params.textMember("message").orElse("");
    if (!about.startsWith(name + "-")) {
      ledger.broken(name + " is asked about the call " + about);
    }
  }

  private void told(Notification notification) {
    notification.field(Field.META_SUBSCRIPTION_ID).ifPresent(id -> listened(id, notification));
    if (notification.method().equals(Method.RESOURCE_UPDATED)) {
      ledger.count("updates");
      var uri = notification.text(Field.URI).orElse("");
      if (!watched.contains(uri)) {
        ledger.broken(name + " hears of " + uri + ", for which it did not ask");
      }
    }
    if (notification.method().equals(Method.PROGRESS)) {
      ledger.count("progress");
      var token = notification.field(Field.PROGRESS_TOKEN).filter(Json::isString).map(Json::text);
      var id = token.map(text -> text.substring("of ".length()));
      if (id.filter(sent::containsKey).isEmpty()) {
        ledger.broken(name + " hears of progress on what it does not wait for: " + token);
      }
    }
  }

  private void listened(Json id, Notification notification) {
    if (!sent.containsKey(id.toString())) {
      ledger.broken(name + " hears what is not for it: " + notification.method() + " for " + id);
    }
    boolean isFirst = listening.add(id);
    if (isFirst != notification.method().equals(Method.ACKNOWLEDGED)) {
      ledger.broken(name + " hears " + notification.method() + " out of order");
    }
  }

  /// The answer, empty when the client took the question back.
  private static Optional<Response> await(CompletableFuture<Response> answer) {
    try {
      return answer.handle((response, _) -> Optional.ofNullable(response)).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void leave() {
    world.story().tell(name, "leaves");
    isGone = true;
    ledger.gone(name, !isStateless);
    conversation.close();
  }

  private static String text(byte[] message) {
    return new String(message, StandardCharsets.UTF_8);
  }
}
