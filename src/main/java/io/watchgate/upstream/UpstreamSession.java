package io.watchgate.upstream;

import io.watchgate.flow.Call;
import io.watchgate.flow.Client;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.flow.Rejection.TimedOut;
import io.watchgate.flow.ServerStatus.Offer;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Glimpse;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.jsonrpc.Message;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Era;
import io.watchgate.mcp.Method;
import io.watchgate.upstream.Transport.SessionGone;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
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
  private final Era era;
  private final Transport transport;
  private final BiConsumer<UpstreamSession, String> onEnd;
  private final ConcurrentHashMap<Long, Pending> pendings = new ConcurrentHashMap<>();
  private final ServerAsks asks;
  private final Attribution attribution;
  private volatile @Nullable String ended;
  private volatile long heardNanos;

  /// @param audience for whom the session is
  /// @param era how the server is spoken to
  /// @param onEnd hears the cause when the connection ends by itself
  UpstreamSession(
      UpstreamContext context,
      Audience audience,
      Era era,
      Transport transport,
      BiConsumer<UpstreamSession, String> onEnd) {
    this.context = context;
    this.audience = audience;
    this.era = era;
    this.transport = transport;
    this.onEnd = onEnd;
    this.heardNanos = context.time().nanos();
    this.attribution = new Attribution(audience, era, pendings.values());
    this.asks =
        new ServerAsks(context.settings().name(), this::answer, this::forward, this::askEnded);
  }

  /// Connects and asks the server what it offers; nothing else may be sent before this returns.
  ///
  /// @throws Opening.Refused when the server does not speak the session's era
  /// @throws Rejection when the server cannot be reached, or not in time
  Offer open(Deadline deadline) throws Opening.Refused, InterruptedException {
    try {
      var patience = Duration.ofNanos(deadline.remainingNanos());
      transport.open(this, deadline);
      var client = audience.client();
      var request = Opening.request(era, client.capabilities(), context.self());
      var answer = exchange(pending(request, client, patience, deadline));
      if (era == Era.STATELESS && StatelessRequests.mayBeRepeated(answer)) {
        answer = exchange(pending(request, client, patience, deadline));
      }
      var offer = Opening.offer(era, answer);
      transport.agreed(offer.protocolVersion());
      return offer;
    } catch (SessionGone e) {
      throw context.unavailable("handshake failed: " + e.getMessage(), Reach.NOT_SENT);
    } catch (HttpRefusal.Status status) {
      if (status.isOfTheRequest()) {
        throw new Opening.Refused("cannot connect: " + status.getMessage());
      }
      throw context.unavailable("cannot connect: " + status.getMessage(), Reach.NOT_SENT);
    } catch (IOException e) {
      throw context.unavailable("cannot connect: " + e.getMessage(), Transport.reach(e));
    }
  }

  /// The server is ready, and may speak up by itself from now on.
  void listen() {
    transport.listen();
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
      var why = Optional.ofNullable(ended).orElse(String.valueOf(e.getMessage()));
      throw context.unavailable(why, Transport.reach(e));
    }
  }

  private Response request(Call call) throws IOException, SessionGone, InterruptedException {
    var pending = pending(call.request(), call.client(), silence(call), call.deadline());
    try {
      return exchange(pending).withId(call.request().id());
    } catch (InterruptedException interrupted) {
      cancel(pending.id(), call.cancellation().reason().orElse("cancelled by the client"));
      throw interrupted;
    } catch (Rejection rejection) {
      if (rejection.reason() instanceof TimedOut) {
        context.probes().failed();
        cancel(pending.id(), "timed out");
      }
      throw rejection;
    }
  }

  /// A listening is silent until something happens, and the result of a task until it has ended; a
  /// ping has a deadline of its own.
  private Duration silence(Call call) {
    return switch (call.method()) {
      case Method.LISTEN, Method.TASKS_RESULT, Method.PING ->
          Duration.ofNanos(call.deadline().remainingNanos());
      default -> context.settings().requestTimeout();
    };
  }

  private Pending pending(Request request, Client client, Duration silence, Deadline deadline) {
    return new Pending(
        context.nextId(),
        context.settings().name(),
        client,
        request,
        TraceHeaders.with(
            era == Era.STATELESS ? context.mirrors().headers(request) : Map.of(), request),
        new Pending.Timing(context.time(), silence, deadline, asks::areOpen));
  }

  private Response exchange(Pending pending) throws IOException, SessionGone, InterruptedException {
    pendings.put(pending.id(), pending);
    try {
      requireAlive();
      transport.send(pending.outgoing().toBytes(), pending);
      return pending.await();
    } catch (HttpExchange.TimeOver _) {
      throw pending.timedOut();
    } finally {
      pendings.remove(pending.id());
      if (!pending.isSettled()) { // whoever waits for the last call before the session closes
        pending.fail(context.unavailable("given up", Reach.SENT));
      }
    }
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
    heardNanos = context.time().nanos();
    context.probes().heard();
    try {
      take(bytes, related);
    } catch (RuntimeException fault) { // supervised edge: one message must not end the reading
      log.error("a message of server \"{}\" failed", context.settings().name(), fault);
      if (related != null) {
        related.fail(
            context.unavailable("internal error in the gateway; see its log", Reach.ANSWERED));
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
    var pending =
        seen.isResponse()
            ? seen.id().map(id -> pending(Json.trusted(id.json()))).orElse(related)
            : related;
    if (pending != null) {
      var why = "its answer is not valid: " + malformed.getMessage();
      pending.fail(context.unavailable(why, Reach.ANSWERED));
    }
  }

  private void answered(Response response, @Nullable Pending related) {
    var pending = response.id().map(id -> pending(Json.trusted(id.json()))).orElse(null);
    if (pending == null && response.id().isEmpty() && response.error().isPresent()) {
      pending = related; // the server could not read the id, but answers on the call's exchange
    }
    if (pending != null && pendings.remove(pending.id()) != null) {
      pending.complete(response);
    } else if (!isEnded()) { // what comes behind the end is no fault of the server's
      garbage("an answer to a request that nobody waits for");
    }
  }

  /// The request under an id or token of the gateway's own, as a server spells it.
  private @Nullable Pending pending(Json id) {
    try {
      return pendings.get(Long.parseLong(id.toString()));
    } catch (NumberFormatException _) {
      return null;
    }
  }

  private void notified(Notification notification, @Nullable Pending related) {
    var tag = notification.field(Field.META_SUBSCRIPTION_ID);
    if (tag.isPresent()) { // whoever no longer listens has no use for what was on its way
      tag.map(this::pending)
          .or(() -> Optional.ofNullable(related))
          .filter(Pending::isListening)
          .ifPresent(listening -> listening.client().tell(notification));
      return;
    }
    switch (notification.method()) {
      case Method.PROGRESS -> progressed(notification);
      case Method.CANCELLED -> asks.cancel(notification);
      case Method.LOG -> audience.hear(notification, attribution.logged(related));
      default -> audience.hear(notification, related == null ? null : related.client());
    }
  }

  private void progressed(Notification notification) {
    var pending = notification.field(Field.PROGRESS_TOKEN).map(this::pending).orElse(null);
    if (pending == null || pending.progressToken().isEmpty()) {
      garbage("progress on a request that nobody waits for");
      return;
    }
    pending.touch();
    pending.client().tell(notification.with(Field.PROGRESS_TOKEN, pending.progressToken().get()));
  }

  private void asked(Request request, @Nullable Pending related) {
    if (era == Era.STATELESS) {
      garbage("a request, which a server of its revision must not make");
    } else if (request.method().equals(Method.PING)) {
      answer(Response.success(request.id(), Json.EMPTY_OBJECT));
    } else {
      asks.relay(request, attribution.asked(related));
    }
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
    var failure = context.unavailable(cause, Reach.SENT);
    pendings.values().forEach(pending -> pending.fail(failure));
    onEnd.accept(this, cause);
  }

  @Override
  public void expired(String cause) {
    ended = cause;
    onEnd.accept(this, cause);
  }

  /// Whether the server remembers the client between two requests.
  boolean isKept() {
    return transport.hasSession();
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
    return (int) pendings.values().stream().filter(pending -> !pending.isListening()).count();
  }

  /// Whether a call is under way on it, or the server waits for a client.
  boolean isBusy() {
    return inFlight() > 0 || asks.areOpen();
  }

  /// Whether nothing is under way, and nothing was heard of the server for so long.
  boolean isSilentFor(Duration time) {
    return context.time().nanos() - heardNanos > time.toNanos() && !isBusy();
  }

  @Override
  public void close() {
    if (ended == null) {
      ended = "closed by the gateway";
    }
    asks.cancelAll();
    var failure = context.unavailable("closed by the gateway", Reach.SENT);
    pendings.values().forEach(pending -> pending.fail(failure));
    transport.close();
  }

  /// Closes the session once what is under way on it has ended, each call in its own time.
  void retire() {
    pendings.values().stream().filter(p -> !p.isListening()).forEach(Pending::awaitEnd);
    close();
  }
}
