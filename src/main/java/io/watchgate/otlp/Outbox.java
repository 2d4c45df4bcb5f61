package io.watchgate.otlp;

import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.otlp.Collector.Later;
import io.watchgate.otlp.Collector.Refused;
import io.watchgate.otlp.Collector.Taken;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What waits to be sent to a collector: goes out in batches, in its order. A batch that the
/// collector cannot take now is sent again until it can; what finds no room meanwhile is lost, and
/// counted. Safe for any number of threads, none of which ever waits for the network.
public final class Outbox<T> {
  private static final Logger log = LoggerFactory.getLogger(Outbox.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final Collector collector;
  private final Freight<T> freight;
  private final Terms terms;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<T> waiting = new ArrayDeque<>();
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
  private final Thread sender;
  private Counts counts = new Counts(0, 0);
  private int underway;
  private boolean closing;
  private volatile Optional<String> trouble = Optional.empty();

  /// What is sent.
  public interface Freight<T> {
    Signal signal();

    /// The request that carries these items.
    Json request(List<T> batch);

    /// The collector has them.
    default void taken(List<T> batch) {}

    /// Nobody has them, or only a part of them.
    default void lost(List<T> batch, String why) {}
  }

  /// How much, and when.
  ///
  /// @param room for items that wait or are under way
  /// @param batch the most items that are sent at once
  /// @param interval the longest that an item waits for others to go with it
  /// @param random spreads the pauses of gateways that a collector turned away together
  public record Terms(int room, int batch, Duration interval, Time time, RandomGenerator random) {}

  /// What became of items since the start.
  public record Counts(long sent, long lost) {}

  /// @param name of the thread that sends
  public Outbox(String name, Collector collector, Freight<T> freight, Terms terms) {
    this.collector = collector;
    this.freight = freight;
    this.terms = terms;
    this.sender = Thread.ofVirtual().name(name).start(this::run);
  }

  /// Takes an item.
  ///
  /// @return false when there is no room, or it is closed: then the item is lost and counted
  public boolean offer(T item) {
    lock.lock();
    try {
      boolean hasRoom = !closing && waiting.size() + underway < terms.room();
      if (!hasRoom) {
        counts = new Counts(counts.sent, counts.lost + 1);
        return false;
      }
      waiting.add(item);
      if (waiting.size() == 1 || waiting.size() == terms.batch()) {
        changed.signalAll();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  public Counts counts() {
    lock.lock();
    try {
      return counts;
    } finally {
      lock.unlock();
    }
  }

  /// Items that wait or are under way now.
  public int waiting() {
    lock.lock();
    try {
      return waiting.size() + underway;
    } finally {
      lock.unlock();
    }
  }

  /// Why the last attempt failed, empty when it did not.
  public Optional<String> trouble() {
    return trouble;
  }

  private void run() {
    try {
      for (var batch = next(); !batch.isEmpty(); batch = next()) {
        deliver(batch);
      }
    } catch (InterruptedException _) {
      abandon("the time to send it is over");
    } finally {
      ended.complete(null);
    }
  }

  /// The next batch once it is full or old enough, empty when there is none any more.
  private List<T> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !closing) {
        changed.await();
      }
      long left = terms.interval().toNanos();
      while (waiting.size() < terms.batch() && left > 0 && !closing) {
        left = terms.time().await(changed, left);
      }
      var batch = new ArrayList<T>();
      while (batch.size() < terms.batch() && !waiting.isEmpty()) {
        batch.add(waiting.remove());
      }
      underway = batch.size();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void deliver(List<T> batch) throws InterruptedException {
    try {
      var request = freight.request(batch);
      for (int attempt = 1; !isSettled(batch, request, attempt); attempt++) {}
    } catch (InterruptedException tooLate) {
      lost(batch, batch.size(), "the time to send it is over");
      throw tooLate;
    }
  }

  /// Sends a batch once, and waits before the next time where there has to be one.
  private boolean isSettled(List<T> batch, Json request, int attempt) throws InterruptedException {
    boolean isLast = isClosing();
    switch (collector.post(freight.signal(), request)) {
      case Taken(var rejected, var why) -> {
        if (rejected > 0) {
          lost(batch, Math.min(rejected, batch.size()), "the collector rejected a part: " + why);
        } else {
          taken(batch);
        }
        return true;
      }
      case Refused(var why) -> {
        lost(batch, batch.size(), why);
        return true;
      }
      case Later(var why, var after) -> {
        if (isLast) {
          lost(batch, batch.size(), why);
          return true;
        }
        troubled(why + "; it is tried again");
        pause(after.orElseGet(() -> pause(attempt)));
        return false;
      }
    }
  }

  private boolean isClosing() {
    lock.lock();
    try {
      return closing;
    } finally {
      lock.unlock();
    }
  }

  private Duration pause(int attempt) {
    double full = (double) FIRST_PAUSE.toNanos() * Math.pow(2, Math.min(attempt - 1, 10));
    double bounded = Math.min(full, (double) LONGEST_PAUSE.toNanos());
    return Duration.ofNanos((long) (bounded * (1 - terms.random().nextDouble() / 2)));
  }

  /// Waits, but not beyond the moment when it is closed.
  private void pause(Duration duration) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = duration.toNanos();
      while (left > 0 && !closing) {
        left = terms.time().await(changed, left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void taken(List<T> batch) {
    settle(new Counts(batch.size(), 0));
    if (trouble.isPresent()) {
      trouble = Optional.empty();
      log.info("{} are sent again", freight.signal());
    }
    freight.taken(batch);
  }

  private void lost(List<T> batch, long number, String why) {
    settle(new Counts(batch.size() - number, number));
    troubled(number + " are lost: " + why);
    freight.lost(batch, why);
  }

  private void settle(Counts more) {
    lock.lock();
    try {
      counts = new Counts(counts.sent + more.sent, counts.lost + more.lost);
      underway = 0;
    } finally {
      lock.unlock();
    }
  }

  /// The same again is not worth a line.
  private void troubled(String why) {
    if (!trouble.equals(Optional.of(why))) {
      log.warn("{} cannot be sent: {}", freight.signal(), why);
      trouble = Optional.of(why);
    }
  }

  private void abandon(String why) {
    List<T> rest;
    lock.lock();
    try {
      rest = List.copyOf(waiting);
      waiting.clear();
    } finally {
      lock.unlock();
    }
    if (!rest.isEmpty()) {
      lost(rest, rest.size(), why);
    }
  }

  /// Takes no more, sends what is there, and ends.
  ///
  /// @param patience after which what is left is lost
  public void close(Duration patience) throws InterruptedException {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      var _ = terms.time().get(ended, patience.toNanos());
    } catch (TimeoutException | ExecutionException _) {
      sender.interrupt();
      sender.join();
    }
  }
}
