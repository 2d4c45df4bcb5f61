package io.watchgate.routing;

import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.CircuitOpen;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.flow.Rejection.Unavailable;
import io.watchgate.flow.RescueLayer;
import io.watchgate.flow.Server;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.mcp.ListKind;
import io.watchgate.mcp.ProtocolVersion;
import io.watchgate.routing.ListReader.Unreadable;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One list of one server: read by one thread for all who want it, and kept until the server says
/// that it changed or the time is over that the server gave it.
final class CachedList {
  private static final Logger log = LoggerFactory.getLogger(CachedList.class);

  private final ListKind kind;
  private final ListSource source;
  private final Server server;
  private final Session audience;
  private final SameListings same;
  private Snapshot known = Snapshot.EMPTY;
  private boolean fresh;
  private boolean isMomentary;
  private long generation;
  private long knownGeneration;
  private long readNanos;
  private @Nullable Reading reading;
  private volatile @Nullable Rejection unreached;

  /// A read that runs: what it brings is as of the generation in which it began.
  private record Reading(long asOf, long sinceNanos, CompletableFuture<Snapshot> result) {}

  CachedList(ListKind kind, ListSource source, Session audience, SameListings same) {
    this.kind = kind;
    this.source = source;
    this.server = source.server();
    this.audience = audience;
    this.same = same;
    this.readNanos = source.time().nanos();
  }

  synchronized Snapshot known() {
    return known;
  }

  /// Takes what another list said until this one is read.
  synchronized void standIn(Snapshot other) {
    known = other.outdated("not read yet since the configuration changed");
  }

  /// Whether nothing was heard of a change since it was read.
  synchronized boolean isFresh() {
    return fresh;
  }

  /// Whether the time is over for which the server said that it would hold.
  synchronized boolean hasEnded() {
    return known.hints().isLasting() ? known.hints().hasEnded() : isMomentary;
  }

  synchronized boolean isOlderThan(Duration age) {
    return source.time().nanos() - readNanos > age.toNanos();
  }

  synchronized boolean invalidate() {
    var was = fresh;
    fresh = false;
    generation++;
    return was;
  }

  /// Why the list could not be read just now, when all the time for connecting went by with that.
  Optional<Rejection> unreached() {
    return Optional.ofNullable(unreached);
  }

  /// What is known, marked with why it may be out of date.
  synchronized Snapshot outdated(String why) {
    unreached = null;
    known = known.outdated(why);
    fresh = false;
    return known;
  }

  /// Reads the list, or joins whoever reads it already; gives up waiting, not reading, when it
  /// takes longer than the patience.
  Snapshot refresh(Duration patience) throws InterruptedException {
    Reading wanted;
    synchronized (this) {
      if (fresh && !hasEnded()) {
        return known;
      }
      wanted = reading();
    }
    try {
      long left = wanted.sinceNanos + patience.toNanos() - source.time().nanos();
      return source.time().get(wanted.result, Math.max(0, left));
    } catch (TimeoutException _) {
      return outdated("no answer to %s within %d ms".formatted(kind.method(), patience.toMillis()));
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /// A read that began before the list changed is no answer to whoever asks after it.
  private synchronized Reading reading() {
    if (reading == null || reading.asOf != generation) {
      var next = new Reading(generation, source.time().nanos(), new CompletableFuture<>());
      reading = next;
      Thread.ofVirtual()
          .name(kind.method() + " of " + server.name())
          .start(() -> next.result.complete(read(next)));
    }
    return reading;
  }

  private Snapshot read(Reading mine) {
    var snapshot = shared(read());
    boolean momentary = isSilent();
    synchronized (this) {
      if (mine.asOf >= knownGeneration) {
        known = snapshot;
        knownGeneration = mine.asOf;
        fresh = snapshot.listing().problem().isEmpty() && generation == mine.asOf;
        isMomentary = momentary;
        readNanos = source.time().nanos();
      }
      if (reading != null && reading.asOf == mine.asOf) {
        reading = null;
      }
    }
    return snapshot;
  }

  @SuppressWarnings("ReferenceEquality") // what nobody has seen before is kept as it is
  private Snapshot shared(Snapshot snapshot) {
    var listing = same.share(kind, snapshot.listing());
    if (listing == snapshot.listing()) {
      listing
          .dropped()
          .forEach((name, why) ->
              log.warn("server \"{}\": \"{}\" is not listed: {}", server.name(), name, why));
    }
    return new Snapshot(listing, snapshot.hints());
  }

  /// Whether the server says neither how long its list holds nor when it changes. Of servers with a
  /// handshake this is not expected: they may only speak up.
  private boolean isSilent() {
    return Member.isStateless(server)
        && server
            .status()
            .offer()
            .filter(offer -> kind.isAnnounced(offer.capabilities()))
            .isEmpty();
  }

  private Snapshot read() {
    var offer = server.offer();
    if (offer.isPresent() && !offer.get().has(kind.capability())) {
      return Snapshot.EMPTY;
    }
    try {
      unreached = null;
      return new ListReader(kind, source, audience).read();
    } catch (Rejection rejection) {
      unreached = isTooLate(rejection) ? rejection : null;
      return known().outdated(cause(rejection));
    } catch (Unreadable unreadable) {
      return known().outdated(String.valueOf(unreadable.getMessage()));
    } catch (InterruptedException _) {
      return known().outdated("interrupted");
    } catch (RuntimeException fault) { // supervised edge: one bad list must not stop the others
      log.error("{} of server \"{}\" failed", kind.method(), server.name(), fault);
      return known().outdated("internal error in the gateway");
    }
  }

  private static boolean isTooLate(Rejection rejection) {
    return rejection.reason() instanceof Unavailable(_, _, var reach) && reach == Reach.TOO_LATE;
  }

  /// The reason in few words: whoever reads them knows which server they are about.
  private static String cause(Rejection rejection) {
    if (rejection.reason() instanceof Unavailable(_, var cause, _)) {
      return cause;
    }
    return rejection.reason() instanceof CircuitOpen(_, var last, _)
        ? "its circuit is open, the last failure was: " + last
        : RescueLayer.answer(RequestId.of(0), rejection, ProtocolVersion.NEWEST_HANDSHAKE)
            .errorMessage();
  }
}
