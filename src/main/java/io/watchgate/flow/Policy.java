package io.watchgate.flow;

import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import java.util.Optional;
import java.util.function.Consumer;

/// What may pass between clients and one server. As a layer it sees every call; what the server
/// says and asks outside of calls comes to the other methods. Names are the server's own.
public interface Policy extends Layer {

  /// Everything may pass.
  Policy OPEN =
      new Policy() {
        @Override
        public Handler around(Handler inner) {
          return inner;
        }

        @Override
        public void tell(Session session, Notification said, Consumer<Notification> onward) {
          onward.accept(said);
        }

        @Override
        public Response ask(Session session, Request request, Asking onward)
            throws InterruptedException {
          return onward.ask(request);
        }

        @Override
        public Optional<String> instructions(String words) {
          return Optional.of(words);
        }
      };

  /// Passes a notification of the server on if it may. Returns at once; what is told to one policy
  /// is passed on in the order in which it was told.
  ///
  /// @param session whom it is for, the gateway's for all clients
  void tell(Session session, Notification said, Consumer<Notification> onward);

  /// Passes on what the server asks, and what the client answers, or refuses it.
  Response ask(Session session, Request request, Asking onward) throws InterruptedException;

  /// What clients may read of the server's words on how to use it.
  Optional<String> instructions(String words);

  /// Asks the client.
  @FunctionalInterface
  interface Asking {
    Response ask(Request request) throws InterruptedException;
  }
}
