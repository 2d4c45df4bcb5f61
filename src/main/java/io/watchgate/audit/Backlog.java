package io.watchgate.audit;

import io.watchgate.flow.Time;
import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.Recorder.Receipt;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The records that are not kept yet: those that gather for the next write, and those that are
/// being written. Many threads add, one writes. Nobody waits for a disk who does not wait for a
/// receipt, and nobody waits for a receipt longer than {@link #PATIENCE}.
///
/// | from | to | when |
/// |---|---|---|
/// | gathering | writing | the writer took them |
/// | writing | gone | they are kept |
/// | writing | writing | the disk failed: who waits is told, and the writer tries again |
final class Backlog {
  /// How long somebody waits for a disk that neither takes a record nor refuses it.
  static final Duration PATIENCE = Duration.ofSeconds(5);

  /// What waits at most; the newest are lost beyond that.
  private static final int MOST_RECORDS = 10_000;

  private static final long MOST_BYTES = 64L << 20;
  private static final String CLOSED = "the audit log is closed";

  private final Supplier<LogSettings> settings;
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private Group gathering = new Group();
  private Group writing = new Group();
  private boolean wanted;
  private boolean closed;
  private Lost lost = Lost.NONE;
  private volatile @Nullable String trouble;

  /// When the oldest record that waits began to, null when none does: every call asks.
  private volatile @Nullable Long oldest;

  /// @param settings those of the moment
  Backlog(Supplier<LogSettings> settings, Time time) {
    this.settings = settings;
    this.time = time;
  }

  /// Records that are written together. Only under the lock, but for the writer's own.
  static final class Group {
    private final List<AuditRecord> records = new ArrayList<>();
    private CompletableFuture<Void> kept = new CompletableFuture<>();
    private long bytes;
    private long began;
    private boolean isForced;

    List<AuditRecord> records() {
      return records;
    }

    /// Whether somebody wants it on the disk, whatever the settings say.
    boolean isForced() {
      return isForced;
    }
  }

  /// Records that are in no line, and that no line tells of yet.
  ///
  /// @param since when the first of them came
  record Lost(long count, Instant since) {
    static final Lost NONE = new Lost(0, Instant.EPOCH);

    private Lost plus(long more, Instant now) {
      return new Lost(count + more, count == 0 ? now : since);
    }
  }

  /// Takes a record, unless there is no room.
  Receipt add(AuditRecord record) {
    long now = time.nanos();
    long size = size(record);
    lock.lock();
    try {
      if (closed || !hasRoom(size)) {
        lost = lost.plus(1, record.time());
        return refusal(closed ? CLOSED : full());
      }
      if (gathering.records.isEmpty()) {
        gathering.began = now;
        if (writing.records.isEmpty()) {
          oldest = now;
        }
        filled.signal();
      }
      gathering.records.add(record);
      gathering.bytes += size;
      if (gathering.records.size() == settings.get().enough()) {
        filled.signal();
      }
      return receipt(now);
    } finally {
      lock.unlock();
    }
  }

  private static Receipt refusal(String why) {
    return () -> {
      throw new IOException(why);
    };
  }

  /// About what it takes in memory.
  private static long size(AuditRecord record) {
    return 512 + record.payload().body().map(body -> (long) body.length()).orElse(0L);
  }

  private boolean hasRoom(long size) {
    return records() == 0 || (records() < MOST_RECORDS && bytes() + size <= MOST_BYTES);
  }

  private int records() {
    return gathering.records.size() + writing.records.size();
  }

  private long bytes() {
    return gathering.bytes + writing.bytes;
  }

  private String full() {
    return "it is full: %d records wait for the disk, %d are lost".formatted(records(), lost.count);
  }

  private Receipt receipt(long now) {
    var how = settings.get();
    return switch (how.durability()) {
      case STRICT -> receipt(gathering.kept);
      case BOUNDED ->
          trouble != null || isBehind(how, now) ? receipt(gathering.kept) : Receipt.KEPT;
      case BEST_EFFORT -> Receipt.KEPT;
    };
  }

  /// Whether more is not on the disk than may be.
  private boolean isBehind(LogSettings how, long now) {
    return records() > how.window().records()
        || (!writing.records.isEmpty() && now - writing.began > how.window().time().toNanos());
  }

  private Receipt receipt(CompletableFuture<Void> kept) {
    var failing = trouble;
    return () -> {
      if (failing != null) {
        throw new IOException(failing);
      }
      await(kept);
    };
  }

  private void await(CompletableFuture<Void> kept) throws IOException, InterruptedException {
    want(kept);
    try {
      time.get(kept, PATIENCE.toNanos());
    } catch (ExecutionException failed) {
      var cause = failed.getCause();
      throw new IOException(cause == null ? "it failed" : cause.getMessage(), failed);
    } catch (TimeoutException _) {
      throw new IOException("the disk did not take it within " + PATIENCE.toSeconds() + " s");
    }
  }

  /// Has the writer go for what gathers: somebody waits for it.
  @SuppressWarnings("ReferenceEquality") // a promise is itself
  private void want(CompletableFuture<Void> kept) {
    lock.lock();
    try {
      if (gathering.kept == kept && !wanted) {
        wanted = true;
        filled.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Has all that was added on the disk.
  Receipt force() {
    lock.lock();
    try {
      if (closed) {
        return refusal(CLOSED);
      }
      gathering.isForced = true;
      wanted = true;
      filled.signal();
      return receipt(gathering.kept);
    } finally {
      lock.unlock();
    }
  }

  /// Waits until there is something to write, and a little for more.
  ///
  /// @return empty when it is closed and nothing is left
  Optional<Group> take() throws InterruptedException {
    lock.lock();
    try {
      while (!closed && !wanted && gathering.records.isEmpty()) {
        filled.await();
      }
      while (!closed && !wanted && gathering.records.size() < settings.get().enough()) {
        long left = gathering.began + settings.get().gathering().toNanos() - time.nanos();
        if (left <= 0 || time.await(filled, left) <= 0) {
          break;
        }
      }
      wanted = false;
      writing = gathering;
      gathering = new Group();
      boolean isOver = closed && writing.records.isEmpty() && !writing.isForced && lost.count == 0;
      return isOver ? Optional.empty() : Optional.of(writing);
    } finally {
      lock.unlock();
    }
  }

  Lost lost() {
    lock.lock();
    try {
      return lost;
    } finally {
      lock.unlock();
    }
  }

  /// The group that was taken is kept.
  ///
  /// @param told how many lost records it tells of
  void kept(long told) {
    CompletableFuture<Void> done;
    lock.lock();
    try {
      trouble = null;
      lost = new Lost(lost.count - told, lost.since);
      done = writing.kept;
      writing = new Group();
      oldest = gathering.records.isEmpty() ? null : gathering.began;
    } finally {
      lock.unlock();
    }
    done.complete(null);
  }

  /// The group that was taken could not be written: it will be tried again, and all who wait are
  /// told.
  ///
  /// @param more records that were kept and are not any more
  void failed(Gap gap, long more) {
    var failure = new IOException(gap.why());
    CompletableFuture<Void> first;
    CompletableFuture<Void> second;
    lock.lock();
    try {
      trouble = gap.why();
      lost = lost.plus(more, gap.since());
      first = writing.kept;
      second = gathering.kept;
      gathering.kept = new CompletableFuture<>();
    } finally {
      lock.unlock();
    }
    first.completeExceptionally(failure);
    second.completeExceptionally(failure);
  }

  /// Nothing is written any more. Who waits is told.
  void end() {
    CompletableFuture<Void> waiting;
    lock.lock();
    try {
      closed = true;
      waiting = gathering.kept;
    } finally {
      lock.unlock();
    }
    waiting.completeExceptionally(new IOException(CLOSED));
  }

  /// Lets time pass, unless it is closed meanwhile.
  void pause(Duration pause) throws InterruptedException {
    long end = time.nanos() + pause.toNanos();
    lock.lock();
    try {
      while (!closed && end - time.nanos() > 0) {
        time.await(filled, end - time.nanos());
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /// Takes nothing more.
  void close() {
    lock.lock();
    try {
      closed = true;
      filled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Why nothing is kept now.
  Optional<String> trouble() {
    var why = trouble;
    if (why != null) {
      return Optional.of(why);
    }
    var waiting = waiting();
    return waiting.compareTo(PATIENCE) < 0
        ? Optional.empty()
        : Optional.of("the disk has taken nothing for " + waiting.toSeconds() + " s");
  }

  /// How long the oldest record waits.
  Duration waiting() {
    var since = oldest;
    return since == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, time.nanos() - since));
  }

  /// How many records wait.
  int size() {
    lock.lock();
    try {
      return records();
    } finally {
      lock.unlock();
    }
  }
}
