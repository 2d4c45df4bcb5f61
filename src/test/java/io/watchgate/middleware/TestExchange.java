package io.watchgate.middleware;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Exchange;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/// An exchange as a test wants it.
record TestExchange(
    String server,
    String method,
    Optional<String> name,
    Json params,
    Caller caller,
    Person person,
    Direction direction)
    implements Exchange {
  private static final Caller CALLER = new Caller("alice", "session-1", "editor");

  /// Answers what the client is asked.
  @FunctionalInterface
  interface Person {
    Optional<Json> answer(String method, Json params, Duration patience)
        throws InterruptedException;
  }

  /// A call by the same client in the same session, which cannot be asked for anything.
  static TestExchange call(String server, String tool, String arguments) {
    var params = Json.object("name", tool, "arguments", json(arguments));
    return new TestExchange(
        server,
        "tools/call",
        Optional.of(tool),
        params,
        CALLER,
        (_, _, _) -> Optional.empty(),
        Direction.TO_SERVER);
  }

  /// A request of a server's list of tools, from its beginning.
  static TestExchange list(String server) {
    return call(server, "", "{}").of("tools/list", Json.EMPTY_OBJECT);
  }

  TestExchange of(String otherMethod, Json otherParams) {
    return new TestExchange(
        server, otherMethod, Optional.empty(), otherParams, caller, person, direction);
  }

  TestExchange in(String session) {
    var other = new Caller(caller.principal(), session, caller.client());
    return new TestExchange(server, method, name, params, other, person, direction);
  }

  TestExchange by(String client) {
    var other = new Caller(caller.principal(), caller.session(), client);
    return new TestExchange(server, method, name, params, other, person, direction);
  }

  TestExchange asking(Person other) {
    return new TestExchange(server, method, name, params, caller, other, direction);
  }

  static Json json(String text) {
    try {
      return Json.parse(text.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    } catch (MalformedMessage malformed) {
      throw new IllegalArgumentException(text, malformed);
    }
  }

  static Content result(String text) {
    return Content.result(json(text));
  }

  /// What a plugin says to the request.
  Verdict judged(Plugin plugin) {
    var content = new Content(Content.Kind.PARAMS, params);
    return uninterrupted(() -> plugin.onRequest(this, content));
  }

  /// What a plugin says to an answer.
  Verdict answered(Plugin plugin, Content answer) {
    return uninterrupted(() -> plugin.onResponse(this, answer));
  }

  /// A question to a plugin.
  @FunctionalInterface
  interface Judgement {
    Verdict give() throws InterruptedException;
  }

  static Verdict uninterrupted(Judgement judgement) {
    try {
      return judgement.give();
    } catch (InterruptedException _) {
      throw new CancellationException("interrupted");
    }
  }

  @Override
  public String id() {
    return "id-7";
  }

  @Override
  public Duration elapsed() {
    return Duration.ofMillis(45);
  }

  @Override
  public Optional<Json> ask(String asked, Json question, Duration patience)
      throws InterruptedException {
    return person.answer(asked, question, patience);
  }
}
