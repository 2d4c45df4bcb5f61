package io.watchgate.upstream;

import io.watchgate.flow.Call;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Server;
import io.watchgate.flow.ServerEvents;
import io.watchgate.flow.ServerStatus;
import io.watchgate.flow.ServerStatus.Offer;
import io.watchgate.flow.ServerStatus.State;
import io.watchgate.flow.Session;
import io.watchgate.flow.Time;
import io.watchgate.flow.Witness;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Era;
import io.watchgate.mcp.LogLevel;
import io.watchgate.mcp.Method;
import io.watchgate.upstream.Transport.SessionGone;
import io.watchgate.upstream.UpstreamSettings.Remote;
import io.watchgate.upstream.UpstreamSettings.SessionScope;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One server of the configuration, in whichever era it speaks. Calls have to come in that era:
/// {@link #era} says which it is.
public final class Upstream implements Server, AutoCloseable {
  private static final int MAX_ATTEMPTS = 2;

  /// A child that keeps silent at `server/discover` for so long does not know it (2026-07-28,
  /// stdio, backward compatibility).
  private static final Duration GUESS = Duration.ofSeconds(5);

  private final UpstreamContext context;
  private final Transports transports;
  private final Links links;
  private final Eras eras;
  private final StatelessRequests statelessRequests;
  private final CompletableFuture<@Nullable Void> firstContact = new CompletableFuture<>();
  private final AtomicInteger restarts = new AtomicInteger();
  private final AtomicBoolean begun = new AtomicBoolean();
  private final Standing standing;
  private @Nullable HeldListening listening;
  private volatile long begunNanos;

  /// Whether a link is kept up while there is no client: a client that comes finds the server warm.
  private volatile boolean standby;

  /// What all servers have in common.
  ///
  /// @param self name and version of the gateway, as servers see it
  /// @param time by which servers are waited for
  /// @param witness sees servers come and go
  public record Terms(Limits limits, Json self, Time time, Witness witness) {}

  /// @throws IOException when TLS cannot be set up
  public Upstream(
      UpstreamSettings settings, Terms terms, ServerEvents events, Transports.Wiring wiring)
      throws IOException {
    this.context = new UpstreamContext(this, settings, terms, events);
    this.standing = new Standing(context);
    this.links = new Links(context, new Owner(), this::clientsGone);
    this.eras = new Eras(settings.target(), terms.time()::nanos);
    this.statelessRequests = new StatelessRequests(context);
    this.transports = wiring.to(settings, terms.limits());
    this.begunNanos = terms.time().nanos();
  }

  @Override
  public String name() {
    return context.settings().name();
  }

  @Override
  public Era era(Session session, Deadline deadline) throws InterruptedException {
    if (eras.isWorthAsking(session)) {
      links.prepare(session, session.version().era());
    }
    for (int attempt = 0; attempt <= MAX_ATTEMPTS; attempt++) {
      var era = eras.choose(session);
      if (eras.isSpoken(era)) {
        return era;
      }
      try (var lease = links.take(session, era, false, deadline)) {
        UpstreamSession _ = lease.link().session(deadline);
      } catch (Opening.Refused _) {
        // the other era is next
      }
    }
    return eras.choose(session);
  }

  /// Sends a call over the caller's link. A call that the server never saw goes out once more over
  /// a new session.
  @Override
  public Reply handle(Call call) throws InterruptedException {
    var session = call.client().session();
    var era = era(session, call.deadline());
    if (call.message() instanceof Notification) {
      return notice(call, links.existing(session, era));
    }
    try (var lease = links.take(call, era)) {
      var link = lease.link();
      return switch (call.method()) {
        case Method.SET_LEVEL -> setLevel(call, link);
        case Method.RESOURCES_SUBSCRIBE -> subscribe(call, link);
        case Method.RESOURCES_UNSUBSCRIBE -> unsubscribe(call, link);
        default -> new Reply.Answered(send(call, link));
      };
    }
  }

  private Response send(Call call, Link link) throws InterruptedException {
    context.probes().await(call.deadline());
    context.probes().began();
    try {
      return sendNow(call, link);
    } finally {
      context.probes().ended();
    }
  }

  private Response sendNow(Call call, Link link) throws InterruptedException {
    var why = "";
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      try {
        var session = link.session(call.deadline());
        try {
          return link.era() == Era.STATELESS
              ? statelessRequests.send(call, session)
              : session.handle(call).orElseThrow();
        } catch (SessionGone gone) {
          why = String.valueOf(gone.getMessage());
          link.lost(session, why);
        }
      } catch (Opening.Refused refused) { // the call was put in the era that is over
        throw context.unavailable(otherRevision(refused));
      }
    }
    throw context.unavailable(why);
  }

  private static Reply notice(Call call, @Nullable Link link) throws InterruptedException {
    var current = link == null ? Optional.<UpstreamSession>empty() : link.current();
    if (current.isPresent() && link != null && link.era() == Era.HANDSHAKE) {
      try {
        var _ = current.get().handle(call);
      } catch (SessionGone _) {
        // a server that is gone misses nothing: the next session starts anew
      }
    }
    return new Reply.Accepted();
  }

  /// Keeps the level for sessions to come. Without sessions each request says it.
  private Reply setLevel(Call call, Link link) throws InterruptedException {
    call.request().text(Field.LEVEL).flatMap(LogLevel::of).ifPresent(link.wishes()::remember);
    return link.era() == Era.STATELESS || link.current().isEmpty()
        ? Reply.answer(call, Json.EMPTY_OBJECT)
        : new Reply.Answered(send(call, link));
  }

  private Reply subscribe(Call call, Link link) throws InterruptedException {
    var client = call.client().session();
    if (link.era() == Era.HANDSHAKE) {
      var answer = send(call, link);
      if (answer.result().isPresent()) {
        link.audience().subscribed(uri(call), client);
      }
      return new Reply.Answered(answer);
    }
    requireSession(link, call.deadline());
    listening(link).subscribe(uri(call), client, call.deadline());
    return Reply.answer(call, Json.EMPTY_OBJECT);
  }

  private void requireSession(Link link, Deadline deadline) throws InterruptedException {
    try {
      var session = link.session(deadline);
      if (session.isEnded()) {
        link.lost(session, session.endCause());
        UpstreamSession _ = link.session(deadline);
      }
    } catch (Opening.Refused refused) {
      throw context.unavailable(otherRevision(refused));
    }
  }

  private static String otherRevision(Opening.Refused refused) {
    return "it speaks another revision now: " + refused.getMessage();
  }

  private Reply unsubscribe(Call call, Link link) throws InterruptedException {
    var client = call.client().session();
    if (link.era() == Era.STATELESS) {
      listening(link).unsubscribe(uri(call), client);
    } else if (link.audience().unsubscribed(uri(call), client)) {
      return new Reply.Answered(send(call, link));
    }
    return Reply.answer(call, Json.EMPTY_OBJECT);
  }

  private synchronized HeldListening listening(Link link) {
    var held = listening;
    if (held == null) {
      held = new HeldListening(context, link.audience());
      listening = held;
    }
    return held;
  }

  private static String uri(Call call) {
    return call.request().text(Field.URI).orElse("");
  }

  private void clientsGone() {
    if (standby) {
      prepare(GatewayClient.INSTANCE);
    }
  }

  @Override
  public boolean isShared() {
    return context.settings().sessions() == SessionScope.SHARED;
  }

  @Override
  public void prepare(Session session) {
    if (links.isClosed()) {
      return;
    }
    if (!begun.getAndSet(true)) {
      begunNanos = context.time().nanos();
    }
    standby |= session == GatewayClient.INSTANCE;
    links.prepare(session, eras.choose(session));
  }

  @Override
  public boolean awaitFirstContact(Duration patience) throws InterruptedException {
    long since = context.time().nanos() - begunNanos;
    try {
      var _ = context.time().get(firstContact, patience.toNanos() - since);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public Optional<Offer> offer() {
    return standing.offer();
  }

  @Override
  public ServerStatus status() {
    var offer = standing.offer();
    if (links.isClosed()) {
      return new ServerStatus(State.CLOSED, offer, Optional.of("closed by the gateway"));
    }
    if (links.all().anyMatch(Link::isReady)) {
      return new ServerStatus(State.READY, offer, Optional.empty());
    }
    if (!firstContact.isDone() || links.all().anyMatch(Link::isConnecting)) {
      return new ServerStatus(State.CONNECTING, offer, Optional.of("still connecting"));
    }
    return standing.isWell()
        ? new ServerStatus(State.READY, offer, Optional.empty())
        : new ServerStatus(State.FAILED, offer, standing.lastFailure().map(Failure::cause));
  }

  /// Calls in flight on all sessions.
  public int inFlight() {
    return links.all().mapToInt(Link::inFlight).sum();
  }

  /// Sessions that are open now.
  public int sessions() {
    return (int) links.all().filter(Link::isReady).count();
  }

  /// How the sessions with the server are used.
  public Sessions pool() {
    var creations = context.creations();
    return new Sessions(
        links.inUse(), links.waiting(), links.max(), creations.last(), creations.percentile(0.99));
  }

  /// What went to the server and came from it.
  public Traffic traffic() {
    return context.traffic();
  }

  /// How often a session was made again after it was lost.
  public int restarts() {
    return restarts.get();
  }

  /// Why the server was lost or not reached.
  ///
  /// @param nanos when, on the clock of the time that was passed in
  public record Failure(String cause, long nanos) {}

  /// Why the server was last lost or not reached.
  public Optional<Failure> lastFailure() {
    return standing.lastFailure();
  }

  /// What the server sent that was no message for anyone.
  public long garbage() {
    return context.garbageCount();
  }

  public UpstreamSettings settings() {
    return context.settings();
  }

  /// Ends all sessions and processes; waits for them, but not longer than they are given to end.
  @Override
  public void close() {
    synchronized (this) {
      if (listening != null) {
        listening.close();
      }
    }
    links.close();
    transports.close();
  }

  private final class Owner implements LinkOwner {
    @Override
    public Transport transport(Era era) {
      return new CountedTransport(transports.next(era), context.traffic());
    }

    @Override
    public Duration patience(Era era) {
      var full = context.settings().connectionTimeout();
      boolean brief = isGuess(era) && eras.isSpoken(era.other());
      return brief && GUESS.compareTo(full) < 0 ? GUESS : full;
    }

    @Override
    public boolean isGuess(Era era) {
      return era == Era.STATELESS
          && !eras.isSpoken(era)
          && (!(context.settings().target() instanceof Remote) || eras.isSpoken(era.other()));
    }

    @Override
    public void reached(Link link, UpstreamSession session, Offer newest) {
      eras.spoken(link.era());
      if (link.era() == Era.HANDSHAKE && !session.isKept()) {
        eras.keepsNoSessions();
      }
      standing.reached(newest);
      if (link.isRestarted()) {
        restarts.incrementAndGet();
      }
      firstContact.complete(null);
      links.dropStandby(link);
      if (link.era() == Era.STATELESS) {
        listening(link).on(session, newest);
      }
      context.events().reached(Upstream.this, link.audience().client());
    }

    @Override
    public Optional<String> refused(Link link, String cause) {
      var hopeless = eras.refused(link.era(), cause);
      if (hopeless.isEmpty() && !eras.isSpoken(link.era().other()) && !links.isClosed()) {
        links.prepare(link.audience().client(), link.era().other());
      }
      return hopeless;
    }

    @Override
    public void failed(Link link, String cause) {
      standing.failed(cause);
      firstContact.complete(null);
    }
  }
}
