package io.watchgate.audit.sinks;

import io.watchgate.plugin.AuditRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A target that keeps, fails and hangs as a test says.
final class FakeTarget implements Target {
  private final List<String> kept = new ArrayList<>();
  private final Semaphore turns = new Semaphore(Integer.MAX_VALUE / 2);
  private volatile Optional<IOException> failure = Optional.empty();
  private final AtomicInteger tries = new AtomicInteger();
  private volatile boolean closed;

  void failWith(@Nullable IOException with) {
    failure = Optional.ofNullable(with);
  }

  /// From now on nothing is kept, and nothing fails.
  void hang() {
    turns.drainPermits();
  }

  void goOn() {
    turns.release(Integer.MAX_VALUE / 2);
  }

  @Override
  public void keep(List<AuditRecord> batch) throws IOException, InterruptedException {
    tries.incrementAndGet();
    turns.acquire();
    if (failure.isPresent()) {
      throw failure.get();
    }
    synchronized (kept) {
      batch.forEach(record -> kept.add(Sample.id(record)));
    }
  }

  @Override
  public String name() {
    return "nowhere";
  }

  @Override
  public void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  int tries() {
    return tries.get();
  }

  List<String> kept() {
    synchronized (kept) {
      return List.copyOf(kept);
    }
  }
}
