package io.watchgate.flow;

import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import java.util.function.Consumer;

/// Who made a call, as the way back for everything but the reply.
public interface Client {

  /// The conversation that the call is part of.
  Session session();

  /// Sends a notification to the client, before the reply when it belongs to a call. Does not wait
  /// for the client; what a client that is gone would have got is dropped.
  void tell(Notification notification);

  /// Sends a server's request to the client and waits for its answer. The client sees an id of its
  /// own; the answer comes back under the request's.
  ///
  /// @param progress gets the client's progress notifications on this request, under its token
  /// @throws InterruptedException when the server no longer wants the answer: the client is told
  Response ask(Request request, Consumer<Notification> progress) throws InterruptedException;
}
