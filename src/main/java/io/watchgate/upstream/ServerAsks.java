package io.watchgate.upstream;

import io.watchgate.flow.Client;
import io.watchgate.flow.Rejection;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Message;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a server asks of a client (sampling, elicitation, roots): each request waits on a thread of
/// its own for the client's answer, and ends when the server cancels it. Bounded.
final class ServerAsks {
  private static final Logger log = LoggerFactory.getLogger(ServerAsks.class);
  private static final int MAX_OPEN = 64;

  private final String server;
  private final Consumer<Response> answers;
  private final Consumer<Message> forward;
  private final Runnable onEnd;
  private final ConcurrentHashMap<RequestId, Thread> open = new ConcurrentHashMap<>();

  /// @param answers takes the answers to the server
  /// @param forward takes the client's progress to the server
  /// @param onEnd runs when one ends, whether it was answered or not
  ServerAsks(String server, Consumer<Response> answers, Consumer<Message> forward, Runnable onEnd) {
    this.server = server;
    this.answers = answers;
    this.forward = forward;
    this.onEnd = onEnd;
  }

  /// Whether the server waits for a client right now.
  boolean areOpen() {
    return !open.isEmpty();
  }

  void relay(Request request, Client client) {
    if (open.size() >= MAX_OPEN) {
      answers.accept(
          refusal(request, ErrorCode.OVERLOADED, MAX_OPEN + " requests wait for the client"));
    } else {
      var thread =
          Thread.ofVirtual()
              .name("ask of " + server + " " + request.id())
              .unstarted(() -> ask(request, client));
      open.put(request.id(), thread);
      thread.start();
    }
  }

  private void ask(Request request, Client client) {
    try {
      var answer = answer(request, client);
      answers.accept(answer);
    } catch (InterruptedException _) {
      // the server cancelled the request: it wants no answer
    } finally {
      onEnd.run(); // first: who finds no ask open must not find the silence of before
      open.remove(request.id());
    }
  }

  private Response answer(Request request, Client client) throws InterruptedException {
    try {
      return client.ask(request, forward::accept);
    } catch (Rejection rejection) {
      return refusal(request, ErrorCode.INTERNAL, String.valueOf(rejection.getMessage()));
    } catch (RuntimeException fault) { // supervised edge: the server must not wait in vain
      log.error("asking a client for server \"{}\" failed", server, fault);
      return refusal(request, ErrorCode.INTERNAL, "internal error in the gateway");
    }
  }

  void cancel(Notification cancelled) {
    cancelled
        .field(Field.REQUEST_ID)
        .map(id -> open.get(new RequestId(id.toString())))
        .ifPresent(Thread::interrupt);
  }

  void cancelAll() {
    open.values().forEach(Thread::interrupt);
  }

  private static Response refusal(Request request, int code, String why) {
    return Response.failure(request.id(), code, why, Json.object("reason", "refused"));
  }
}
