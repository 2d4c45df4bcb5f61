package io.watchgate.audit;

import io.watchgate.audit.Backlog.Group;
import io.watchgate.audit.LineChain.Head;
import io.watchgate.flow.Time;
import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.Recorder.Receipt;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A log in files: one thread writes to it, whoever has a record gives it to the backlog. When the
/// disk fails, the thread tries until it works again, and then records the gap.
///
/// In one process there is one log of a name: when another configuration takes the place of the one
/// before, both write to it for a while, by the settings of the newer one.
final class AuditLog implements Caretaker.Watched {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.class);
  private static final Map<Path, AuditLog> OPEN = new HashMap<>();
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration END = Duration.ofSeconds(5);

  private final Path wanted;
  private final Outside outside;
  private final Notices notices;
  private final LogCounts counts;
  private final Backlog backlog;
  private final Thread thread;
  private volatile LogSettings settings;
  private volatile @Nullable Opened opened;
  private volatile @Nullable Gap gap;
  private int users = 1;

  /// What a log has around it.
  ///
  /// @param keys directory of the key that signs
  record Outside(Disk disk, Time time, InstantSource clock, Path keys, RandomGenerator random) {}

  /// What there is once the log was found.
  private record Opened(Claim claim, ActiveFile file, Caretaker caretaker) {}

  private AuditLog(Path wanted, LogSettings settings, Outside outside) {
    this.wanted = wanted;
    this.settings = settings;
    this.outside = outside;
    this.notices = new Notices(outside.clock());
    this.counts = new LogCounts(outside.time());
    this.backlog = new Backlog(() -> this.settings, outside.time());
    this.thread =
        Thread.ofPlatform().daemon().name("audit log " + wanted.getFileName()).unstarted(this::run);
  }

  /// The log of a name. Where it cannot be opened now, that is its trouble, and is tried again.
  static AuditLog open(Path file, LogSettings settings, Outside outside) {
    var wanted = file.toAbsolutePath().normalize();
    synchronized (OPEN) {
      var known = OPEN.get(wanted);
      if (known != null) {
        known.users++;
        known.settings = settings;
        return known;
      }
      var made = new AuditLog(wanted, settings, outside);
      OPEN.put(wanted, made);
      made.start();
      return made;
    }
  }

  private void start() {
    try {
      var _ = opened();
    } catch (IOException failure) {
      failed(failure);
    }
    thread.start();
    backlog.force(); // what is to be told of the file is told at once
  }

  Receipt record(AuditRecord record) {
    return backlog.add(record);
  }

  private void run() {
    try {
      for (var group = backlog.take(); group.isPresent(); group = backlog.take()) {
        if (!isWritten(group.get())) {
          log.error("audit log {} lacks {} records", path(), backlog.size());
          break;
        }
      }
    } catch (InterruptedException _) {
      // nobody interrupts it
    } catch (RuntimeException | Error fault) {
      log.error("audit log {} is not written any more", path(), fault);
      backlog.failed(new Gap(outside.clock().instant(), "it is not written: " + fault), 0);
    } finally {
      backlog.end();
      closeFile();
    }
  }

  private void closeFile() {
    var there = opened;
    if (there != null) {
      try {
        there.file.close();
      } catch (IOException failure) {
        log.error("audit log {} cannot be closed: {}", path(), failure.toString());
      }
    }
  }

  /// Writes a group, however often that takes.
  ///
  /// @return false when it is closed and cannot be written
  private boolean isWritten(Group group) throws InterruptedException {
    var pause = FIRST_PAUSE;
    while (!isTried(group)) {
      if (backlog.isClosed()) {
        return false;
      }
      backlog.pause(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
    return true;
  }

  private boolean isTried(Group group) {
    try {
      var lost = backlog.lost();
      var how = settings;
      boolean isForced = group.isForced() || how.durability() != LogSettings.Durability.BEST_EFFORT;
      var there = opened();
      long rotations = counts.rotations();
      there.file.append(told(group.records(), lost), how, isForced);
      if (counts.rotations() > rotations) {
        there.caretaker.tidy();
      }
      resumed(lost);
      return true;
    } catch (IOException failure) {
      failed(failure);
      return false;
    }
  }

  /// What is lost is told before what comes after.
  private List<AuditRecord> told(List<AuditRecord> records, Backlog.Lost lost) {
    var known = gap;
    if (known == null && lost.count() == 0) {
      return records;
    }
    var why = "records came faster than the disk took them";
    var lines = new ArrayList<AuditRecord>();
    lines.add(notices.resumed(known == null ? new Gap(lost.since(), why) : known, lost.count()));
    lines.addAll(records);
    return lines;
  }

  private void resumed(Backlog.Lost lost) {
    if (gap != null) {
      log.warn("audit log {} is written again, {} records are lost", path(), lost.count());
      gap = null;
    }
    counts.lost(lost.count());
    backlog.kept(lost.count());
  }

  private void failed(IOException failure) {
    var before = gap;
    var since = before == null ? outside.clock().instant() : before.since();
    var why =
        "audit log %s cannot be written since %s: %s".formatted(path(), since, reason(failure));
    if (before == null) {
      log.error("{}; it is tried again until it works", why);
    }
    gap = new Gap(since, why);
    var there = opened;
    backlog.failed(new Gap(since, why), there == null ? 0 : there.file.giveUp());
  }

  private static String reason(IOException failure) {
    return failure instanceof FileSystemException file && file.getReason() == null
        ? failure.getClass().getSimpleName() + " " + file.getFile()
        : String.valueOf(failure.getMessage());
  }

  private Opened opened() throws IOException {
    var known = opened;
    if (known != null) {
      return known;
    }
    var claim = Claim.of(wanted, outside.disk());
    try {
      var checkpoints = new CheckpointBook(claim.files().checkpoints(), outside.disk());
      var last = checkpoints.last();
      var file = new ActiveFile(claim, outside.disk(), notices, counts);
      file.open(last.map(Checkpoint::size).orElse(0L));
      var caretaker = new Caretaker(this, claim.files(), last, () -> settings, outside);
      known = new Opened(claim, file, caretaker);
      opened = known;
      caretaker.start();
      return known;
    } finally {
      if (known == null) {
        claim.close();
      }
    }
  }

  @Override
  public Head head() {
    var there = opened;
    return there == null ? Head.START : there.file.forced();
  }

  @Override
  public Receipt force() {
    return backlog.force();
  }

  @Override
  public Receipt removing(ClosedFiles.Removal removal) {
    backlog.add(notices.removed(removal.from(), removal.to(), removal.head()));
    return backlog.force();
  }

  Optional<String> trouble() {
    return backlog.trouble();
  }

  /// The file that is written to.
  Path path() {
    var there = opened;
    return there == null ? wanted : there.claim.files().active();
  }

  /// How it is now.
  LogReport report() {
    var there = opened;
    var caretaker =
        there == null ? new Caretaker.Report(0, Instant.EPOCH, "") : there.caretaker.report();
    var known = gap;
    return new LogReport(
        path(),
        settings,
        there == null ? Head.START : there.file.written(),
        head().seq(),
        there == null ? 0 : there.file.size(),
        new LogReport.Waiting(backlog.size(), backlog.waiting(), backlog.lost().count()),
        trouble().orElse(""),
        known == null ? Instant.EPOCH : known.since(),
        counts,
        caretaker);
  }

  /// Has everything written, if the disk takes it, and ends when nobody else uses the log.
  void close() {
    synchronized (OPEN) {
      users--;
      if (users > 0) {
        return;
      }
      try {
        end();
      } finally {
        OPEN.remove(wanted);
      }
    }
  }

  private void end() {
    backlog.close();
    try {
      if (!thread.join(END)) {
        log.error("audit log {} lacks {} records: the disk hangs", path(), backlog.size());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    var there = opened;
    if (there != null) {
      there.caretaker.close();
      try {
        there.claim.close();
      } catch (IOException failure) {
        log.error("the lock of audit log {} cannot be closed: {}", path(), failure.toString());
      }
    }
  }
}
