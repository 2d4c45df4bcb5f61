package io.watchgate.audit.sinks;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.Recorder.Receipt;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Records that wait for their target, those that are on their way to it, and what became of all
/// others. Safe for threads; one of them takes out.
final class SinkQueue {
  private static final Logger log = LoggerFactory.getLogger(SinkQueue.class);
  private static final int MOST_AT_ONCE = 500;
  private static final long MOST_BYTES_AT_ONCE = 4L << 20;
  private static final long MOST_BYTES = 64L << 20;

  /// What a record takes besides its body.
  private static final int RECORD_BYTES = 1024;

  private final String name;
  private final SinkSettings settings;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Entry> waiting = new ArrayDeque<>();
  private List<Entry> underway = List.of();
  private Gap untold = Gap.NONE;
  private Gap told = Gap.NONE;
  private long bytes;
  private long kept;
  private long lost;
  private boolean resting;
  private boolean closing;
  private volatile Optional<String> away = Optional.empty();

  /// A record that is not kept yet.
  ///
  /// @param end comes when the target has it, where somebody waits for that
  record Entry(AuditRecord record, int bytes, Optional<CompletableFuture<@Nullable Void>> end) {}

  /// How many records are where.
  record Counts(long kept, long lost, int waiting) {}

  /// @param name of the plugin and its target, for people
  SinkQueue(String name, SinkSettings settings, InstantSource clock) {
    this.name = name;
    this.settings = settings;
    this.clock = clock;
  }

  Receipt offer(AuditRecord record) {
    int size = RECORD_BYTES + record.payload().body().map(Json::length).orElse(0);
    lock.lock();
    try {
      if (closing || !hasRoom(size)) {
        lost++;
        untold = untold.with(record);
        return failing(closing ? name + " is closed" : full());
      }
      Optional<CompletableFuture<@Nullable Void>> end =
          settings.waits() && away.isEmpty()
              ? Optional.of(new CompletableFuture<>())
              : Optional.empty();
      waiting.add(new Entry(record, size, end));
      bytes += size;
      changed.signalAll();
      return settings.waits() ? end.map(SinkQueue::receipt).orElseGet(this::late) : Receipt.KEPT;
    } finally {
      lock.unlock();
    }
  }

  /// One record finds room also where it alone is more than there is room for.
  private boolean hasRoom(int size) {
    int count = waiting.size() + underway.size();
    return count < settings.queue() && (count == 0 || bytes + size <= MOST_BYTES);
  }

  private String full() {
    return name
        + " has no room for more than the "
        + (waiting.size() + underway.size())
        + " records that wait"
        + away.map(why -> ": " + why).orElse("");
  }

  private Receipt late() {
    return failing(away.orElse(name + " is away"));
  }

  private static Receipt failing(String why) {
    return () -> {
      throw new IOException(why);
    };
  }

  private static Receipt receipt(CompletableFuture<@Nullable Void> end) {
    return () -> {
      try {
        end.get();
      } catch (ExecutionException failure) {
        throw failure.getCause() instanceof IOException cause ? cause : new IOException(failure);
      }
    };
  }

  /// An eighth of the room is for what calls that go on already have to record.
  Optional<String> trouble() {
    if (settings.waits() && away.isPresent()) {
      return away;
    }
    lock.lock();
    try {
      int count = waiting.size() + underway.size();
      int enough = settings.queue() - settings.queue() / 8;
      return count >= enough || bytes >= MOST_BYTES - MOST_BYTES / 8
          ? Optional.of(full())
          : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /// Why the target cannot be reached, empty when it can.
  Optional<String> away() {
    return away;
  }

  Counts counts() {
    lock.lock();
    try {
      return new Counts(kept, lost, waiting.size() + underway.size());
    } finally {
      lock.unlock();
    }
  }

  /// Waits for records, which are under way then. The first one says how many were lost before.
  ///
  /// @return none when the queue is closed and empty
  List<Entry> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !closing) {
        changed.await();
      }
      var batch = new ArrayList<Entry>();
      if (!untold.isNone() && !waiting.isEmpty()) {
        told = untold;
        untold = Gap.NONE;
        bytes += RECORD_BYTES;
        batch.add(new Entry(told.record(clock.instant()), RECORD_BYTES, Optional.empty()));
      }
      long size = 0;
      while (!waiting.isEmpty() && batch.size() < MOST_AT_ONCE && size < MOST_BYTES_AT_ONCE) {
        var entry = waiting.remove();
        size += entry.bytes();
        batch.add(entry);
      }
      underway = batch;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /// The target has what was under way.
  void kept() {
    lock.lock();
    try {
      kept += underway.size();
      underway.forEach(entry -> entry.end().ifPresent(end -> end.complete(null)));
      release();
      if (away.isPresent()) {
        log.info("{} works again; {} records were lost meanwhile", name, told.and(untold).lost());
      }
      told = Gap.NONE;
      away = Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /// The target will never have some of what was under way.
  ///
  /// @param records how many it will not have
  void refused(String why, long records) {
    lock.lock();
    try {
      log.error("{} lost {} records: {}", name, lose(why, records), why);
      away = Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /// Who waits is told in any case: nobody knows which records it was.
  private long lose(String why, long most) {
    int others = told.isNone() ? 0 : 1; // the first one tells of those
    var gap = Gap.NONE;
    for (var entry : underway.subList(others, underway.size())) {
      gap = gap.with(entry.record());
    }
    long records = Math.min(gap.lost(), most);
    kept += gap.lost() - records;
    lost += records;
    untold = untold.and(told).and(new Gap(records, gap.since(), gap.until()));
    told = Gap.NONE;
    fail(underway, why);
    release();
    return records;
  }

  private void release() {
    bytes -= underway.stream().mapToLong(Entry::bytes).sum();
    underway = List.of();
  }

  /// The target cannot take what is under way now: who waits for it, waits no longer.
  void failed(IOException failure) {
    var why = name + ": " + words(failure);
    lock.lock();
    try {
      if (away.isEmpty()) {
        log.warn("{}; records wait, and are tried again", why);
      }
      away = Optional.of(why);
      fail(underway, why);
      fail(waiting, why);
    } finally {
      lock.unlock();
    }
  }

  private static String words(IOException failure) {
    var message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private static void fail(Iterable<Entry> entries, String why) {
    entries.forEach(
        entry -> entry.end().ifPresent(end -> end.completeExceptionally(new IOException(why))));
  }

  /// Takes a rest, unless the queue is closed: then there is one more try, and no other.
  ///
  /// @throws InterruptedException when there is no time for more
  void rest(Home.Pause pause, Duration duration) throws InterruptedException {
    lock.lock();
    try {
      if (closing) {
        throw new InterruptedException();
      }
      resting = true;
    } finally {
      lock.unlock();
    }
    try {
      pause.pass(duration);
    } catch (InterruptedException woken) {
      if (!closing()) {
        throw woken;
      }
    } finally {
      awake();
    }
  }

  private boolean closing() {
    lock.lock();
    try {
      return closing;
    } finally {
      lock.unlock();
    }
  }

  private void awake() {
    lock.lock();
    try {
      resting = false;
      var _ = closing && Thread.interrupted(); // what woke up, and came too late for that
    } finally {
      lock.unlock();
    }
  }

  /// Takes no more records, and wakes up who rests.
  void close(Thread worker) {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
      if (resting) {
        worker.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Counts what is left as lost.
  void abandon() {
    lock.lock();
    try {
      underway = new ArrayList<>(underway);
      underway.addAll(waiting);
      waiting.clear();
      var _ = lose(away.orElse(name + " is closed"), Long.MAX_VALUE);
      if (!untold.isNone()) {
        log.error("{} ends without {} records", name, untold.lost());
      }
    } finally {
      lock.unlock();
    }
  }
}
