package io.watchgate.plugin;

import io.watchgate.jsonrpc.Json;
import java.time.Duration;
import java.util.Optional;

/// What a message belongs to: a request with its answer, or a notification. A request and its
/// answer have the same exchange.
public interface Exchange {

  /// The same for a request and its answer, and no other.
  String id();

  /// The server's name in the configuration.
  String server();

  /// The method of the request or notification.
  String method();

  /// The server's own name of the tool or prompt, or the URI of the resource; empty where the
  /// method has none.
  Optional<String> name();

  /// The parameters that the request has by now: in an answer, those that were sent.
  Json params();

  /// Where the message that is judged goes.
  Direction direction();

  /// Who is at the other end.
  Caller caller();

  /// How long ago the request came in.
  Duration elapsed();

  /// Asks the client in the name of the server, by `elicitation/create` or the like, and waits.
  ///
  /// @param patience how long at most; then the client is told that it need not answer any more
  /// @return its result, empty when the client cannot be asked for that, answered with an error or
  ///   did not answer in time
  Optional<Json> ask(String method, Json params, Duration patience) throws InterruptedException;

  /// Which way a message goes.
  enum Direction {
    TO_SERVER,
    TO_CLIENT
  }

  /// The client of an exchange.
  ///
  /// @param principal what it proved to be, the same for all of its sessions
  /// @param session tells its conversation from others, and is no secret
  /// @param client what it calls itself, empty when it did not say
  record Caller(String principal, String session, String client) {}
}
