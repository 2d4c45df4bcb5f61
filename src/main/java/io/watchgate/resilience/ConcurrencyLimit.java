package io.watchgate.resilience;

import io.watchgate.flow.Call;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.FairQueue;
import io.watchgate.flow.Histogram;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Overloaded;
import io.watchgate.flow.Session;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Field;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/// How many calls may be in flight at once, how many are, and the most that ever were. Who comes
/// when all places are taken waits in a bounded queue ({@link FairQueue}), where there is one, and
/// gets its place from whoever leaves; or is refused. Where nobody waits, {@link Shares} keeps one
/// client from taking every place that comes free.
public final class ConcurrencyLimit {
  private final String where;
  private final ConcurrencySettings settings;
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();
  private final FairQueue<Waiter> queue;
  private final Shares shares;
  private final Histogram waits = new Histogram();
  private final HoldTimes holdTimes = new HoldTimes();
  private final Optional<AdaptiveLimit> adaptive;
  private volatile IntSupplier lent = () -> 0;
  private int held;
  private int highest;
  private long silentSince;

  private ConcurrencyLimit(
      String where, ConcurrencySettings settings, Time time, Optional<AdaptiveLimit> adaptive) {
    this.where = where;
    this.settings = settings;
    this.time = time;
    this.adaptive = adaptive;
    this.queue = new FairQueue<>(settings.queue());
    this.shares = new Shares(time.nanos());
  }

  /// A limit that stays as it is.
  ///
  /// @param where the server whose limit it is, empty for the gateway's own
  public static ConcurrencyLimit fixed(String where, ConcurrencySettings settings, Time time) {
    return new ConcurrencyLimit(where, settings, time, Optional.empty());
  }

  /// A limit that follows how fast calls are answered, but is never above the one of the settings.
  ///
  /// @param where the server whose limit it is
  public static ConcurrencyLimit adaptive(String where, ConcurrencySettings settings, Time time) {
    var adaptive = new AdaptiveLimit(settings.max(), time.nanos());
    return new ConcurrencyLimit(where, settings, time, Optional.of(adaptive));
  }

  /// One place of the limit, held until it is closed.
  public final class Place implements AutoCloseable {
    private final Shares.Account account;
    private final long sinceNanos;

    private Place(Shares.Account account, long sinceNanos) {
      this.account = account;
      this.sinceNanos = sinceNanos;
    }

    /// The server answered the call.
    void answered() {
      lock.lock();
      try {
        silentSince = time.nanos();
      } finally {
        lock.unlock();
      }
    }

    /// The time since it was taken says how fast calls of this kind are answered.
    void took(Call call) {
      if (adaptive.isPresent()) {
        var kind = call.method() + " " + call.request().text(Field.NAME).orElse("");
        lock.lock();
        try {
          adaptive.get().answered(kind, sinceNanos, time.nanos());
        } finally {
          lock.unlock();
        }
      }
    }

    @Override
    public void close() {
      release(this);
    }
  }

  /// @param turn gives the place, or nothing when another one waits instead
  private record Waiter(Shares.Account account, CompletableFuture<Optional<Place>> turn) {}

  /// Calls in flight now.
  public int inFlight() {
    lock.lock();
    try {
      return held;
    } finally {
      lock.unlock();
    }
  }

  /// The most calls that were ever in flight at once.
  public int highest() {
    lock.lock();
    try {
      return highest;
    } finally {
      lock.unlock();
    }
  }

  /// Calls that wait for their turn now.
  public int waiting() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  /// How long calls waited for their turn that had to, also in vain.
  public Histogram waits() {
    return waits;
  }

  /// How many calls may be in flight now, without what is lent.
  public int limit() {
    lock.lock();
    try {
      return places();
    } finally {
      lock.unlock();
    }
  }

  /// Whether it follows how fast answers come.
  public boolean isAdaptive() {
    return adaptive.isPresent();
  }

  /// @param places how many more may be in flight, for now
  void lend(IntSupplier places) {
    lent = places;
  }

  String where() {
    return where;
  }

  /// How many calls are in flight beyond a number, when none was answered for a time.
  int stuckBeyond(int number, Duration silence) {
    lock.lock();
    try {
      boolean isSilent = time.nanos() - silentSince >= silence.toNanos();
      return isSilent ? Math.max(0, held - number) : 0;
    } finally {
      lock.unlock();
    }
  }

  /// Takes a place, waits for one where that is allowed.
  ///
  /// @throws Rejection when there is none, or none in time
  public Place take(Session who, Deadline deadline) throws InterruptedException {
    Waiter waiter;
    lock.lock();
    try {
      long now = time.nanos();
      var account = shares.of(who, now);
      if (queue.size() == 0 && hasRoom(account)) {
        return granted(account, now);
      }
      if (settings.queue() == 0) {
        account.refused(now);
        throw refusal(now);
      }
      waiter = new Waiter(account, new CompletableFuture<>());
      queue.add(who, waiter).ifPresent(loser -> loser.turn.complete(Optional.empty()));
      handOver(now); // places may have been lent since the last one came free
    } finally {
      lock.unlock();
    }
    return await(who, waiter, deadline);
  }

  /// The queue is fair by itself; without one, a part of the places is left for others.
  private boolean hasRoom(Shares.Account account) {
    return free() > (settings.queue() == 0 ? account.leftAlone(places()) : 0);
  }

  private int places() {
    return adaptive.isPresent() ? adaptive.get().limit() : settings.max();
  }

  private int free() {
    int free = places() - held;
    return free > places() / 2 ? free : free + lent.getAsInt();
  }

  private Place granted(Shares.Account account, long now) {
    silentSince = held == 0 ? now : silentSince;
    held++;
    highest = Math.max(highest, held);
    account.took(now);
    holdTimes.began(now);
    adaptive.ifPresent(limit -> limit.used(held));
    return new Place(account, now);
  }

  private Rejection refusal(long now) {
    var retryAfter = holdTimes.untilNext(held, queue.size(), places(), now);
    return new Rejection(new Overloaded(where, held, places(), retryAfter));
  }

  private Place await(Session who, Waiter waiter, Deadline deadline) throws InterruptedException {
    Optional<Place> place;
    long began = time.nanos();
    try {
      long patience = Math.min(settings.queueTimeout().toNanos(), deadline.remainingNanos());
      place = time.get(waiter.turn, patience);
    } catch (TimeoutException _) {
      place = giveUp(who, waiter);
    } catch (InterruptedException cancelled) {
      giveUp(who, waiter).ifPresent(Place::close);
      throw cancelled;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    } finally {
      waits.record(time.nanos() - began);
    }
    return place.orElseThrow(this::refusal);
  }

  /// @return the place, when it came before that
  private Optional<Place> giveUp(Session who, Waiter waiter) {
    lock.lock();
    try {
      return queue.remove(who, waiter) ? Optional.empty() : waiter.turn.join();
    } finally {
      lock.unlock();
    }
  }

  private Rejection refusal() {
    lock.lock();
    try {
      return refusal(time.nanos());
    } finally {
      lock.unlock();
    }
  }

  private void release(Place place) {
    lock.lock();
    try {
      long now = time.nanos();
      held--;
      place.account.gaveBack();
      holdTimes.ended(place.sinceNanos, now);
      handOver(now);
    } finally {
      lock.unlock();
    }
  }

  private void handOver(long now) {
    while (queue.size() > 0 && free() > 0) {
      var next = queue.poll().orElseThrow();
      next.turn.complete(Optional.of(granted(next.account, now)));
    }
  }
}
