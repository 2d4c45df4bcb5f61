package io.watchgate.flow;

import io.watchgate.jsonrpc.Message;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;

/// One message from a client and all that happens on its behalf until the reply.
///
/// @param message a request, or a notification
/// @param client where everything but the reply goes
/// @param deadline when the call ends at the latest
/// @param cancellation what the client said when it cancelled the call
/// @param trail what happened to the call so far
public record Call(
    Message message, Client client, Deadline deadline, Cancellation cancellation, Trail trail) {

  /// A call that nothing happened to yet.
  public Call(Message message, Client client, Deadline deadline, Cancellation cancellation) {
    this(message, client, deadline, cancellation, new Trail());
  }

  /// A call without a deadline yet, which nobody can cancel but by interruption.
  public Call(Message message, Client client) {
    this(message, client, Deadline.NEVER, new Cancellation());
  }

  public Call {
    if (message instanceof Response) {
      throw new IllegalArgumentException("a response is no call");
    }
  }

  /// The request of a call that is one.
  public Request request() {
    return (Request) message;
  }

  public String method() {
    return switch (message) {
      case Request request -> request.method();
      case Notification notification -> notification.method();
      case Response _ -> throw new IllegalStateException("a response is no call");
    };
  }

  public Call with(Message other) {
    return new Call(other, client, deadline, cancellation, trail);
  }

  public Call with(Client other) {
    return new Call(message, other, deadline, cancellation, trail);
  }

  public Call with(Deadline other) {
    return new Call(message, client, other, cancellation, trail);
  }
}
