package io.watchgate.audit;

import io.watchgate.audit.LineChain.Head;
import io.watchgate.audit.LogSettings.Copy;
import io.watchgate.plugin.Recorder.Receipt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does what a log needs beside its lines, on a thread of its own: signs checkpoints, compresses
/// closed files and removes old ones. What fails is tried again at the next checkpoint.
final class Caretaker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Caretaker.class);
  private static final Duration END = Duration.ofSeconds(5);

  private final Watched watched;
  private final Supplier<LogSettings> settings;
  private final AuditLog.Outside outside;
  private final ClosedFiles closedFiles;
  private final CheckpointBook checkpoints;
  private final String origin;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition called = lock.newCondition();
  private final Thread thread;
  private boolean isUntidy = true;
  private boolean isClosed;
  private long signed;
  private @Nullable CheckpointCopies copies;
  private volatile Report report = new Report(0, Instant.EPOCH, "");

  /// The log, as far as this goes.
  interface Watched {
    /// The last line that is on the disk.
    Head head();

    /// Has all lines on the disk.
    Receipt force();

    /// Records that lines are about to be removed, on the disk.
    Receipt removing(ClosedFiles.Removal removal);
  }

  /// How it goes.
  ///
  /// @param size lines that the newest checkpoint covers
  /// @param trouble empty when all is well
  record Report(long size, Instant signed, String trouble) {}

  /// @param last the newest checkpoint
  Caretaker(
      Watched watched,
      LogFiles files,
      Optional<Checkpoint> last,
      Supplier<LogSettings> settings,
      AuditLog.Outside outside) {
    this.watched = watched;
    this.settings = settings;
    this.outside = outside;
    this.closedFiles = new ClosedFiles(files, outside.disk(), outside.clock());
    this.checkpoints = new CheckpointBook(files.checkpoints(), outside.disk());
    this.signed = last.map(Checkpoint::size).orElse(0L);
    this.origin = last.map(Checkpoint::origin).orElseGet(this::newOrigin);
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("caretaker of " + files.active().getFileName())
            .unstarted(this::run);
  }

  private String newOrigin() {
    return "watchgate/%016x".formatted(outside.random().nextLong());
  }

  void start() {
    thread.start();
  }

  /// There is another closed file.
  void tidy() {
    lock.lock();
    try {
      isUntidy = true;
      called.signal();
    } finally {
      lock.unlock();
    }
  }

  Report report() {
    return report;
  }

  private void run() {
    try {
      for (rest(); !isOver(); rest()) {
        round();
      }
      checkpoint();
    } catch (InterruptedException _) {
      // nobody interrupts it but at the end
    } catch (RuntimeException | Error fault) {
      log.error("the caretaker of an audit log is gone: no checkpoints any more", fault);
      report = new Report(report.size, report.signed, "it is gone: " + fault);
    } finally {
      closeCopies();
    }
  }

  private boolean isOver() {
    lock.lock();
    try {
      return isClosed;
    } finally {
      lock.unlock();
    }
  }

  private void rest() throws InterruptedException {
    lock.lock();
    try {
      long end = outside.time().nanos() + settings.get().checkpoints().interval().toNanos();
      while (!isClosed && !isUntidy && end - outside.time().nanos() > 0) {
        outside.time().await(called, end - outside.time().nanos());
      }
    } finally {
      lock.unlock();
    }
  }

  private void round() throws InterruptedException {
    checkpoint();
    if (isCalled()) {
      try {
        closedFiles.removeOldest(settings.get().retain(), watched::removing);
        if (settings.get().compress()) {
          closedFiles.compress();
        }
      } catch (IOException failure) {
        trouble("closed files: " + failure);
      }
    }
  }

  private boolean isCalled() {
    lock.lock();
    try {
      boolean untidy = isUntidy;
      isUntidy = false;
      return untidy;
    } finally {
      lock.unlock();
    }
  }

  private void checkpoint() throws InterruptedException {
    try {
      if (settings.get().durability() == LogSettings.Durability.BEST_EFFORT && !isOver()) {
        watched.force().await();
      }
      var head = watched.head();
      if (head.seq() != signed && head.seq() > 0) {
        sign(head);
      }
    } catch (IOException failure) {
      trouble("checkpoint: " + failure);
    }
  }

  private void sign(Head head) throws IOException {
    var tree = MerkleTree.of(head.seq(), head.tree().nodes());
    var key = SigningKey.in(outside.keys());
    var note = key.sign(Checkpoint.of(origin, tree).text());
    checkpoints.add(note);
    signed = head.seq();
    report = new Report(signed, outside.clock().instant(), "");
    settings.get().checkpoints().copy().ifPresentOrElse(to -> copy(note, to), this::closeCopies);
  }

  private void copy(SignedNote note, Copy to) {
    var known = copies;
    if (known == null || !known.to().equals(to)) {
      closeCopies();
      known = new CheckpointCopies(to, outside.disk(), outside.time());
      copies = known;
    }
    known.add(note);
    var why = known.trouble();
    if (why != null) {
      report = new Report(report.size, report.signed, "copies: " + why);
    }
  }

  private void closeCopies() {
    var known = copies;
    copies = null;
    if (known != null) {
      known.close();
    }
  }

  private void trouble(String why) {
    if (report.trouble.isEmpty()) {
      log.warn("audit log: {}", why);
    }
    report = new Report(report.size, report.signed, why);
  }

  /// Signs once more what was written since.
  @Override
  public void close() {
    lock.lock();
    try {
      isClosed = true;
      called.signal();
    } finally {
      lock.unlock();
    }
    try {
      if (!thread.join(END)) {
        log.warn("the last checkpoint of the audit log is not there within {}", END);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Where the key is that signs.
  static Path keys(Path state) {
    return state.resolve("audit");
  }
}
