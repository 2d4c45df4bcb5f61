package io.watchgate.upstream;

import io.watchgate.flow.Call;
import io.watchgate.flow.Client;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.TimedOut;
import io.watchgate.flow.Rejection.Unavailable;
import io.watchgate.flow.ServerStatus.Offer;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Glimpse;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.jsonrpc.Message;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Method;
import io.watchgate.mcp.ProtocolVersion;
import io.watchgate.upstream.Transport.SessionGone;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One conversation with a server, from its handshake to its end: gives every request an id of its
/// own, finds the call that an answer or a notification is for, and relays what the server asks of
/// the client. Its receiver runs on the transport's reading thread and never waits.
final class UpstreamSession implements Transport.Receiver, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(UpstreamSession.class);

  private final UpstreamContext context;
  private final Audience audience;
  private final Transport transport;
  private final Consumer<String> onEnd;
  private final ConcurrentHashMap<Long, Pending> pendings = new ConcurrentHashMap<>();
  private final ServerAsks asks;
  private volatile @Nullable String ended;

  /// @param audience for whom the session is
  /// @param onEnd hears the cause when the connection ends by itself
  UpstreamSession(
      UpstreamContext context, Audience audience, Transport transport, Consumer<String> onEnd) {
    this.context = context;
    this.audience = audience;
    this.transport = transport;
    this.onEnd = onEnd;
    this.asks =
        new ServerAsks(context.settings().name(), this::answer, this::forward, this::askEnded);
  }

  /// Connects and shakes hands; nothing else may be sent before this returns.
  ///
  /// @return what the server offers
  /// @throws Rejection when the server cannot be reached, or not in time
  Offer open(Deadline deadline) throws InterruptedException {
    try {
      transport.open(this, deadline);
      var params =
          Json.object(
              "protocolVersion",
              ProtocolVersion.NEWEST.toString(),
              "capabilities",
              audience.client().capabilities(),
              "clientInfo",
              context.self());
      var request = Request.of(RequestId.of(0), Method.INITIALIZE, params);
      var patience = context.settings().connectionTimeout();
      var pending = pending(request, audience.client(), patience, deadline);
      var offer = Handshake.offer(exchange(request, pending));
      transport.agreed(offer.protocolVersion());
      transport.send(Notification.of(Method.INITIALIZED).toBytes(), null);
      transport.listen();
      return offer;
    } catch (Handshake.Refused | SessionGone e) {
      throw unavailable("handshake failed: " + e.getMessage());
    } catch (IOException e) {
      throw unavailable("cannot connect: " + e.getMessage());
    }
  }

  /// Sends a call's message and waits for the answer.
  ///
  /// @throws SessionGone when the server never saw the message
  Optional<Response> handle(Call call) throws SessionGone, InterruptedException {
    try {
      if (call.message() instanceof Notification notification) {
        transport.send(notification.toBytes(), null);
        return Optional.empty();
      }
      return Optional.of(request(call));
    } catch (IOException e) {
      throw unavailable(Optional.ofNullable(ended).orElse(String.valueOf(e.getMessage())));
    }
  }

  private Response request(Call call) throws IOException, SessionGone, InterruptedException {
    var silence = context.settings().requestTimeout();
    var pending = pending(call.request(), call.client(), silence, call.deadline());
    try {
      return exchange(call.request(), pending).withId(call.request().id());
    } catch (InterruptedException interrupted) {
      cancel(pending.id(), call.cancellation().reason().orElse("cancelled by the client"));
      throw interrupted;
    } catch (Rejection rejection) {
      if (rejection.reason() instanceof TimedOut) {
        cancel(pending.id(), "timed out");
      }
      throw rejection;
    }
  }

  private Pending pending(Request request, Client client, Duration silence, Deadline deadline) {
    var pending =
        new Pending(
            context.nextId(),
            context.settings().name(),
            client,
            request.field(Field.META_PROGRESS_TOKEN),
            new Pending.Timing(silence, deadline, asks::areOpen));
    pending.repeatable(Method.isRepeatable(request.method()));
    return pending;
  }

  private Response exchange(Request request, Pending pending)
      throws IOException, SessionGone, InterruptedException {
    pendings.put(pending.id(), pending);
    try {
      requireAlive();
      transport.send(outgoing(request, pending.id()).toBytes(), pending);
      return pending.await();
    } catch (HttpExchange.TimeOver _) {
      throw pending.timedOut();
    } finally {
      pendings.remove(pending.id());
    }
  }

  private static Request outgoing(Request request, long id) {
    var outgoing = request.withId(RequestId.of(id));
    return request.field(Field.META_PROGRESS_TOKEN).isPresent()
        ? outgoing.with(Field.META_PROGRESS_TOKEN, Json.trusted(Long.toString(id)))
        : outgoing;
  }

  /// Tells the server that nobody waits any more (specification, cancellation), off the caller's
  /// thread: the caller has other things to do than to wait for a server that does not answer.
  private void cancel(long id, String reason) {
    var notification =
        Notification.of(Method.CANCELLED, Json.object("requestId", id, "reason", reason));
    Thread.ofVirtual().name("cancel " + id).start(() -> forward(notification));
  }

  private void requireAlive() throws SessionGone {
    var cause = ended;
    if (cause != null) {
      throw new SessionGone(cause);
    }
  }

  @Override
  public void received(byte[] bytes, @Nullable Pending related) {
    try {
      take(bytes, related);
    } catch (RuntimeException fault) { // supervised edge: one message must not end the reading
      log.error("a message of server \"{}\" failed", context.settings().name(), fault);
      if (related != null) {
        related.fail(unavailable("internal error in the gateway; its log has the details"));
      }
    }
  }

  /// A server of 2025-03-26 may answer in a batch.
  private void take(byte[] bytes, @Nullable Pending related) {
    try {
      dispatch(Message.read(bytes, context.limits()), related);
    } catch (MalformedMessage malformed) {
      var batch = batch(bytes);
      if (batch.isEmpty()) {
        refuse(bytes, malformed, related);
      }
      batch.forEach(element -> take(element.toBytes(), related));
    }
  }

  private List<Json> batch(byte[] bytes) {
    try {
      return Message.readBatch(bytes, context.limits()).orElse(List.of());
    } catch (MalformedMessage _) {
      return List.of();
    }
  }

  private void dispatch(Message message, @Nullable Pending related) {
    switch (message) {
      case Response response -> answered(response, related);
      case Notification notification -> notified(notification, related);
      case Request request -> asked(request, related);
    }
  }

  @Override
  public void tooLarge(byte[] head) {
    refuse(head, MalformedMessage.tooLarge(context.limits().maxBytes()), null);
  }

  /// What is not valid harms at most its own call, and leaves nobody waiting: neither the server
  /// for its answer nor a caller for the server's.
  private void refuse(byte[] bytes, MalformedMessage malformed, @Nullable Pending related) {
    garbage("a message that is not valid: " + malformed.getMessage());
    var seen = Glimpse.of(bytes, context.limits());
    if (seen.isRequest()) {
      seen.id().ifPresent(id -> answer(malformed.answer().withId(id)));
      return;
    }
    var pending = seen.isResponse() ? seen.id().map(this::pending).orElse(related) : related;
    if (pending != null) {
      pending.fail(unavailable("its answer is not valid: " + malformed.getMessage()));
    }
  }

  private void answered(Response response, @Nullable Pending related) {
    var pending = response.id().map(this::pending).orElse(null);
    if (pending == null && response.id().isEmpty() && response.error().isPresent()) {
      pending = related; // the server could not read the id, but answers on the call's exchange
    }
    if (pending == null || pendings.remove(pending.id()) == null) {
      garbage("an answer to a request that nobody waits for");
      return;
    }
    pending.complete(response);
  }

  private @Nullable Pending pending(RequestId id) {
    try {
      return pendings.get(Long.parseLong(id.json()));
    } catch (NumberFormatException _) {
      return null;
    }
  }

  private void notified(Notification notification, @Nullable Pending related) {
    switch (notification.method()) {
      case Method.PROGRESS -> progressed(notification);
      case Method.CANCELLED -> asks.cancel(notification);
      default -> audience.hear(notification, related == null ? null : related.client());
    }
  }

  private void progressed(Notification notification) {
    var pending =
        notification
            .field(Field.PROGRESS_TOKEN)
            .map(token -> pending(new RequestId(token.toString())))
            .orElse(null);
    if (pending == null || pending.progressToken().isEmpty()) {
      garbage("progress on a request that nobody waits for");
      return;
    }
    pending.touch();
    pending.client().tell(notification.with(Field.PROGRESS_TOKEN, pending.progressToken().get()));
  }

  private void asked(Request request, @Nullable Pending related) {
    if (request.method().equals(Method.PING)) {
      answer(Response.success(request.id(), Json.EMPTY_OBJECT));
    } else {
      asks.relay(request, askedClient(related));
    }
  }

  /// Whom a request of the server is for: the call on whose exchange it came, the only call in
  /// flight, or the session's owner.
  private Client askedClient(@Nullable Pending related) {
    if (related != null) {
      return related.client();
    }
    var inFlight = pendings.values().stream().limit(2).toList();
    return inFlight.size() == 1 && !audience.isEverybody()
        ? inFlight.getFirst().client()
        : audience.client();
  }

  /// Time that a client took to answer is none that the server was silent.
  private void askEnded() {
    pendings.values().forEach(Pending::touch);
  }

  private void answer(Response response) {
    Thread.ofVirtual().start(() -> forward(response));
  }

  /// Sends what wants no answer; that it cannot be sent harms nobody but the server itself.
  private void forward(Message message) {
    try {
      transport.send(message.toBytes(), null);
    } catch (IOException | SessionGone e) {
      log.debug("cannot tell server \"{}\": {}", context.settings().name(), e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void garbage(String what) {
    context.garbage(what);
  }

  @Override
  public void closed(String cause) {
    ended = cause;
    asks.cancelAll();
    var failure = unavailable(cause);
    pendings.values().forEach(pending -> pending.fail(failure));
    onEnd.accept(cause);
  }

  @Override
  public void expired(String cause) {
    ended = cause;
    onEnd.accept(cause);
  }

  boolean isEnded() {
    return ended != null;
  }

  /// Why the session is over.
  String endCause() {
    var cause = ended;
    return cause == null ? "closed by the gateway" : cause;
  }

  int inFlight() {
    return pendings.size();
  }

  @Override
  public void close() {
    if (ended == null) {
      ended = "closed by the gateway";
    }
    asks.cancelAll();
    var failure = unavailable("closed by the gateway");
    pendings.values().forEach(pending -> pending.fail(failure));
    transport.close();
  }

  /// Closes the session once what is under way on it has ended, each call in its own time.
  void retire() {
    pendings.values().forEach(Pending::awaitEnd);
    close();
  }

  private Rejection unavailable(String cause) {
    return new Rejection(new Unavailable(context.settings().name(), cause));
  }
}
