package io.watchgate.hosting;

import io.watchgate.flow.Client;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.plugin.Exchange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/// A message with what it belongs to, made of what the gateway knows.
///
/// @param client at the other end
/// @param begun when its request came in
record CallExchange(String id, Subject subject, Direction direction, Client client, Begun begun)
    implements Exchange {

  /// What a message is about.
  record Subject(String server, String method, Json params) {
    Subject at(String name) {
      return new Subject(name, method, params);
    }
  }

  /// A moment, and the clock that it was read from.
  record Begun(Time time, long nanos) {
    static Begun now(Time time) {
      return new Begun(time, time.nanos());
    }
  }

  /// The same with other parameters, on its way back.
  CallExchange answered(Json sent) {
    var back = direction == Direction.TO_SERVER ? Direction.TO_CLIENT : Direction.TO_SERVER;
    var about = new Subject(subject.server, subject.method, sent);
    return new CallExchange(id, about, back, client, begun);
  }

  @Override
  public String server() {
    return subject.server;
  }

  @Override
  public String method() {
    return subject.method;
  }

  @Override
  public Optional<String> name() {
    var params = subject.params;
    var ref = params.member("ref").orElse(Json.EMPTY_OBJECT);
    return List.of(params, ref).stream()
        .flatMap(from -> from.textMember("name").or(() -> from.textMember("uri")).stream())
        .findFirst();
  }

  @Override
  public Json params() {
    return subject.params;
  }

  @Override
  public Caller caller() {
    var session = client.session();
    return new Caller(session.principal(), session.fingerprint(), session.clientName());
  }

  @Override
  public Duration elapsed() {
    return Duration.ofNanos(begun.time.nanos() - begun.nanos);
  }

  /// On a thread of its own, because what ends the wait of a client's answer is an interruption.
  @Override
  public Optional<Json> ask(String method, Json params, Duration patience)
      throws InterruptedException {
    var capability = method.substring(0, Math.max(0, method.indexOf('/')));
    if (client.session().capabilities().member(capability).isEmpty()) {
      return Optional.empty();
    }
    var request = Request.of(RequestId.of(0), method, params);
    var answer = new CompletableFuture<Optional<Json>>();
    var asking =
        Thread.ofVirtual().name("ask of a plugin").start(() -> ask(client, request, answer));
    try {
      return begun.time.get(answer, patience.toNanos());
    } catch (TimeoutException | ExecutionException _) {
      return Optional.empty();
    } finally {
      asking.interrupt();
    }
  }

  private static void ask(
      Client client, Request request, CompletableFuture<Optional<Json>> answer) {
    try {
      answer.complete(client.ask(request, _ -> {}).result());
    } catch (InterruptedException
        | RuntimeException failure) { // supervised edge: the client is gone
      answer.completeExceptionally(failure);
    }
  }
}
