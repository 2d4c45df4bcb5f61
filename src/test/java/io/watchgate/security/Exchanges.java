package io.watchgate.security;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Exchange;
import java.time.Duration;
import java.util.Optional;

/// Exchanges for tests.
public record Exchanges(String method, Direction direction) implements Exchange {
  /// A call of a tool.
  public static Exchange call() {
    return new Exchanges("tools/call", Direction.TO_SERVER);
  }

  /// The answer to a request.
  public static Exchange answer(String method) {
    return new Exchanges(method, Direction.TO_CLIENT);
  }

  @Override
  public String id() {
    return "1";
  }

  @Override
  public String server() {
    return "files";
  }

  @Override
  public Optional<String> name() {
    return Optional.empty();
  }

  @Override
  public Json params() {
    return Json.EMPTY_OBJECT;
  }

  @Override
  public Caller caller() {
    return new Caller("local", "s1", "test");
  }

  @Override
  public Duration elapsed() {
    return Duration.ZERO;
  }

  @Override
  public Optional<Json> ask(String question, Json params, Duration patience) {
    return Optional.empty();
  }
}
