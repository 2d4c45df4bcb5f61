package io.watchgate.flow;

import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Who made a call, as the way back for everything but the reply.
public interface Client {

  /// The conversation that the call is part of.
  Session session();

  /// The `Mcp-Param-*` headers that came with the call, by the part of their name behind that in
  /// lower case (2026-07-28, streamable HTTP); empty where the client's transport or revision has
  /// none.
  default Optional<Map<String, String>> parameterHeaders() {
    return Optional.empty();
  }

  /// The trace that the call is a part of, where the client's transport says it; what the message
  /// says of that goes before.
  default Optional<TraceContext> traceContext() {
    return Optional.empty();
  }

  /// Sends a notification to the client, before the reply when it belongs to a call. Does not wait
  /// for the client; what a client that is gone would have got is dropped.
  void tell(Notification notification);

  /// Tells the client that the server answers the call with a stream that can be lost and taken up
  /// again, where the client's transport and revision have that too.
  ///
  /// @param retry how long the server wants a client to wait before it comes back
  default void streaming(Duration retry) {}

  /// The server hung up on a call that it told of so before, and wants to be asked again for the
  /// rest: the client may be sent away as well, to come back for it.
  default void hangUp() {}

  /// Sends a server's request to the client and waits for its answer. The client sees an id of its
  /// own; the answer comes back under the request's.
  ///
  /// @param progress gets the client's progress notifications on this request, under its token
  /// @throws InterruptedException when the server no longer wants the answer: the client is told
  Response ask(Request request, Consumer<Notification> progress) throws InterruptedException;
}
