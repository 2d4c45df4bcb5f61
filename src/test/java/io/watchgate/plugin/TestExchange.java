package io.watchgate.plugin;

import io.watchgate.jsonrpc.Json;
import java.time.Duration;
import java.util.Optional;

/// An exchange with the server `files`, for tests of plugins.
///
/// @param principal whose call it is
/// @param session of which conversation
public record TestExchange(
    String server, String method, Json params, String principal, String session)
    implements Exchange {

  public static TestExchange of(String method) {
    return of(method, "{}");
  }

  public static TestExchange of(String method, String params) {
    return new TestExchange("files", method, Json.trusted(params), "anna", "s1");
  }

  public TestExchange onServer(String other) {
    return new TestExchange(other, method, params, principal, session);
  }

  public TestExchange by(String other) {
    return new TestExchange(server, method, params, other, session);
  }

  public TestExchange inSession(String other) {
    return new TestExchange(server, method, params, principal, other);
  }

  @Override
  public String id() {
    return "1";
  }

  @Override
  public Optional<String> name() {
    return params.textMember("name").or(() -> params.textMember("uri"));
  }

  @Override
  public Direction direction() {
    return Direction.TO_CLIENT;
  }

  @Override
  public Caller caller() {
    return new Caller(principal, session, "test");
  }

  @Override
  public Duration elapsed() {
    return Duration.ZERO;
  }

  @Override
  public Optional<Json> ask(String method, Json params, Duration patience) {
    return Optional.empty();
  }
}
