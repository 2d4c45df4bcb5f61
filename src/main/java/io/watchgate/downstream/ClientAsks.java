package io.watchgate.downstream;

import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Method;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// What servers ask of one client: each request goes out under an id of the session's own, and its
/// answer comes back under the server's.
final class ClientAsks {
  private static final int MAX_OPEN = 256;

  private final Duration patience;
  private final Time time;
  private final AtomicLong ids = new AtomicLong();
  private final ConcurrentHashMap<RequestId, Ask> open = new ConcurrentHashMap<>();

  private record Ask(
      CompletableFuture<Response> answer,
      Optional<Json> progressToken,
      Consumer<Notification> progress) {}

  /// @param patience longest wait for a client, behind which a person may sit
  ClientAsks(Duration patience, Time time) {
    this.patience = patience;
    this.time = time;
  }

  Response ask(Request request, Consumer<Notification> progress, Outlet outlet)
      throws InterruptedException {
    if (open.size() >= MAX_OPEN) {
      return failure(request, MAX_OPEN + " requests wait for the client already");
    }
    var id = RequestId.of(ids.incrementAndGet());
    var token = request.field(Field.META_PROGRESS_TOKEN);
    var ask = new Ask(new CompletableFuture<>(), token, progress);
    open.put(id, ask);
    try {
      if (!outlet.send(outgoing(request, id).toBytes())) {
        return failure(request, "the client has no stream open on which it could be asked");
      }
      return time.get(ask.answer, patience.toNanos()).withId(request.id());
    } catch (InterruptedException interrupted) {
      withdraw(id, outlet);
      throw interrupted;
    } catch (TimeoutException _) {
      withdraw(id, outlet);
      return failure(request, "the client did not answer within " + patience.toSeconds() + " s");
    } catch (ExecutionException e) {
      return failure(request, "the client is gone");
    } finally {
      open.remove(id);
    }
  }

  private static Request outgoing(Request request, RequestId id) {
    var outgoing = request.withId(id);
    return request.field(Field.META_PROGRESS_TOKEN).isPresent()
        ? outgoing.with(Field.META_PROGRESS_TOKEN, Json.trusted(id.json()))
        : outgoing;
  }

  private static void withdraw(RequestId id, Outlet outlet) {
    var params = Json.object("requestId", Json.trusted(id.json()), "reason", "no longer wanted");
    boolean _ = outlet.send(Notification.of(Method.CANCELLED, params).toBytes());
  }

  /// Takes the client's answer; false when nobody waits for it.
  boolean answered(Response response) {
    var ask = response.id().map(open::remove).orElse(null);
    return ask != null && ask.answer.complete(response);
  }

  /// Takes the client's progress on what it was asked; false when nobody wants it.
  boolean progressed(Notification notification) {
    var ask =
        notification
            .field(Field.PROGRESS_TOKEN)
            .map(token -> open.get(new RequestId(token.toString())))
            .orElse(null);
    if (ask == null || ask.progressToken.isEmpty()) {
      return false;
    }
    ask.progress.accept(notification.with(Field.PROGRESS_TOKEN, ask.progressToken.get()));
    return true;
  }

  void close() {
    var gone = new java.io.IOException("the client is gone");
    open.values().forEach(ask -> ask.answer.completeExceptionally(gone));
  }

  private static Response failure(Request request, String why) {
    return Response.failure(
        request.id(), ErrorCode.INTERNAL, why, Json.object("reason", "client_unavailable"));
  }
}
