package io.watchgate.upstream;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Overloaded;
import io.watchgate.flow.Session;
import io.watchgate.mcp.Era;
import io.watchgate.upstream.UpstreamSettings.Pool;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The sessions with one server, of which there are only so many. Each has a key, which says who
/// uses it, and so a place. A place, by its key:
///
/// - none → in use: a call came, and there was room, or the idle place that was unused for longest
///   made room; calls that come meanwhile use the same place. Who finds no room waits in a queue
/// - in use → idle: its last call ended, and nobody waits
/// - idle → in use: the next call
/// - in use → none: its last call ended, and it makes room for whoever waited longest
/// - idle → none: unused for too long, or room is needed
/// - any → none: whose it is is gone, or the gateway stops
///
/// The gateway's own place gives way before all others, and is never unused for too long. Safe for
/// any number of threads; links are asked under the lock, and never ask back under theirs.
final class SessionPool {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final String OWN = GatewayClient.INSTANCE.key();

  private final UpstreamContext context;
  private final LinkOwner owner;
  private final Runnable onEmpty;
  private final Closings closings;
  private final Displacements displacements;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition aged = lock.newCondition();
  private final Map<String, Place> places = new LinkedHashMap<>();
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private boolean reaping;
  private boolean closed;

  /// @param onEmpty runs when the last place is gone
  /// @param closings closes the links of places that are gone
  SessionPool(UpstreamContext context, LinkOwner owner, Runnable onEmpty, Closings closings) {
    this.context = context;
    this.owner = owner;
    this.onEmpty = onEmpty;
    this.closings = closings;
    this.displacements = new Displacements(context);
  }

  private Pool settings() {
    return context.settings().pool();
  }

  /// What a call needs.
  ///
  /// @param session whose call it is
  /// @param alone whether no other such call may use the link at the same time
  record Want(Session session, boolean alone) {}

  /// A call that waits for a place, which it finds here.
  private static final class Waiting {
    private final Want want;
    private final Condition granted;
    private @Nullable Place place;

    Waiting(Want want, Condition granted) {
      this.want = want;
      this.granted = granted;
    }
  }

  /// A place until it is given back, made if there is none; waits for room, within the deadline.
  ///
  /// @throws Rejection when there is no room for too long, or too many wait for it
  Place take(Want want, Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      var place = find(want);
      return place == null ? await(want, deadline) : place;
    } finally {
      lock.unlock();
    }
  }

  /// Takes the place that fits, if there is one or can be one; null when there is no room.
  private @Nullable Place find(Want want) {
    requireOpen();
    var session = want.session;
    var fitting = want.alone ? unshared(session.key()) : places.get(session.key());
    var place = fitting == null && hasRoom(session) ? open(session) : fitting;
    if (place != null) {
      place.take(want.alone);
      place.link().audience().join(session);
    }
    return place;
  }

  private void requireOpen() {
    if (closed) {
      throw context.unavailable("closed by the gateway");
    }
  }

  /// The oldest place comes first: what a server remembers in its process should be there for calls
  /// that come one after the other.
  private @Nullable Place unshared(String key) {
    return places.values().stream()
        .filter(place -> place.link().audience().client().key().equals(key))
        .filter(place -> !place.isTakenAlone())
        .findFirst()
        .orElse(null);
  }

  private boolean hasRoom(Session session) {
    if (places.size() < settings().max() || takesOver(session)) {
      return true;
    }
    var oldest = places.values().stream().filter(Place::isIdle).min(SessionPool::inOrder);
    oldest.ifPresent(this::displace);
    return oldest.isPresent();
  }

  private void displace(Place place) {
    remove(place);
    if (!place.key().equals(OWN)) {
      displacements.add();
    }
  }

  /// The order in which idle places make room.
  private static int inOrder(Place one, Place other) {
    return Comparator.comparing((Place place) -> !place.key().equals(OWN))
        .thenComparing((a, b) -> Long.signum(a.usedNanos() - b.usedNanos()))
        .compare(one, other);
  }

  /// A client that declares nothing takes over the gateway's own link, which declared nothing
  /// either: that spares it the wait for a new process.
  private boolean takesOver(Session session) {
    return session.capabilities().members().isEmpty()
        && !session.key().equals(OWN)
        && places.containsKey(OWN);
  }

  private Place open(Session session) {
    var key = session.key();
    for (int i = 2; places.containsKey(key); i++) {
      key = session.key() + " #" + i;
    }
    Link link;
    if (takesOver(session)) {
      link = Objects.requireNonNull(places.remove(OWN)).link();
      link.audience().claim(session);
    } else {
      var audience = new Audience(context, session);
      link = new Link(context, owner, audience, Era.HANDSHAKE, vacancy());
    }
    var place = new Place(key, link, context.time().nanos());
    places.put(key, place);
    reapLater();
    return place;
  }

  /// Completes when another session will not be one too many: those that are being closed count
  /// until they are.
  private CompletableFuture<?> vacancy() {
    return places.size() + closings.count() < settings().max()
        ? CompletableFuture.completedFuture(null)
        : closings.ended();
  }

  private Place await(Want want, Deadline deadline) throws InterruptedException {
    if (queue.size() >= settings().queue()) {
      throw overloaded();
    }
    var waiting = new Waiting(want, lock.newCondition());
    queue.addLast(waiting);
    long began = context.time().nanos();
    try {
      long nanos = Math.min(settings().queueTimeout().toNanos(), deadline.remainingNanos());
      while (waiting.place == null) {
        requireOpen();
        if (nanos <= 0) {
          throw overloaded();
        }
        nanos = context.time().await(waiting.granted, nanos);
      }
      return Objects.requireNonNull(waiting.place);
    } catch (InterruptedException interrupted) {
      if (waiting.place != null) {
        giveBack(waiting.place, want.alone);
      }
      throw interrupted;
    } finally {
      queue.remove(waiting);
      context.traffic().poolWaits().record(context.time().nanos() - began);
    }
  }

  private Rejection overloaded() {
    return new Rejection(
        new Overloaded(context.settings().name(), places.size(), settings().max(), RETRY_AFTER));
  }

  /// @param alone as it was taken
  void giveBack(Place place, boolean alone) {
    lock.lock();
    try {
      place.giveBack(alone, context.time().nanos());
      handOver();
    } finally {
      lock.unlock();
    }
  }

  /// Gives the room that there is now to those who wait for it, the longest wait first.
  private void handOver() {
    for (var waiting : List.copyOf(queue)) {
      if (waiting.place == null && !closed) {
        waiting.place = find(waiting.want);
        if (waiting.place != null) {
          waiting.granted.signal();
        }
      }
    }
  }

  /// The place of a session, made where that takes none from anybody; null otherwise.
  @Nullable Place prepare(Session session) {
    lock.lock();
    try {
      var place = places.get(session.key());
      if (place == null && !closed && (takesOver(session) || places.size() < settings().max())) {
        place = open(session);
      }
      if (place != null) {
        place.link().audience().join(session);
        place.touch(context.time().nanos());
      }
      return place;
    } finally {
      lock.unlock();
    }
  }

  /// The place of a session if it has one.
  @Nullable Place existing(Session session) {
    lock.lock();
    try {
      return places.get(session.key());
    } finally {
      lock.unlock();
    }
  }

  /// Ends the places that are no longer needed, whoever uses them.
  void removeIf(Predicate<Place> superfluous) {
    lock.lock();
    try {
      List.copyOf(places.values()).stream().filter(superfluous).forEach(this::remove);
      handOver();
      tellEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// Ends the gateway's own place.
  void removeOwn() {
    removeIf(place -> place.key().equals(OWN));
  }

  private void remove(Place place) {
    if (places.remove(place.key(), place)) {
      closings.close(place.link());
    }
  }

  private void tellEmpty() {
    if (places.isEmpty() && !closed) {
      onEmpty.run();
    }
  }

  private void reapLater() {
    if (!reaping) {
      reaping = true;
      Thread.ofVirtual().name("idle sessions of " + context.settings().name()).start(this::reap);
    }
  }

  /// Ends what is unused for too long, as long as there is what can become so.
  private void reap() {
    lock.lock();
    try {
      while (!closed && places.keySet().stream().anyMatch(key -> !key.equals(OWN))) {
        var _ = context.time().await(aged, reapAged());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      reaping = false;
      lock.unlock();
    }
  }

  /// Returns how long it takes until the next one may be unused for too long.
  private long reapAged() {
    long timeout = settings().idleTimeout().toNanos();
    long now = context.time().nanos();
    long next = timeout;
    for (var place : List.copyOf(places.values())) {
      long left = place.usedNanos() + timeout - now;
      if (!place.isIdle() || place.key().equals(OWN)) {
        continue;
      }
      if (left <= 0) {
        remove(place);
        tellEmpty();
      } else {
        next = Math.min(next, left);
      }
    }
    return next;
  }

  /// The places there are.
  List<Place> places() {
    lock.lock();
    try {
      return List.copyOf(places.values());
    } finally {
      lock.unlock();
    }
  }

  /// Calls that wait for a place.
  int waiting() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  /// Ends all places; from now on there are none.
  void close() {
    lock.lock();
    try {
      closed = true;
      List.copyOf(places.values()).forEach(this::remove);
      queue.forEach(waiting -> waiting.granted.signal());
      aged.signal();
    } finally {
      lock.unlock();
    }
  }
}
