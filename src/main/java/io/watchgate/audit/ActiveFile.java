package io.watchgate.audit;

import io.watchgate.audit.LineChain.Head;
import io.watchgate.plugin.AuditRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The file of a log that is written to, and the chain of its lines. It stands by what it said it
/// has written: after a failure it is cut to that, and where the disk may have lost something
/// without telling, another file is begun. For one thread, but for the two heads.
final class ActiveFile {
  private static final Logger log = LoggerFactory.getLogger(ActiveFile.class);

  private final Claim claim;
  private final Disk disk;
  private final Notices notices;
  private final LineChain chain = new LineChain();

  /// What is to be told at the next write.
  private final List<AuditRecord> news = new ArrayList<>();

  private final LogCounts counts;
  private Disk.@Nullable Appender out;
  private long firstSeq = 1;
  private Instant began = Instant.EPOCH;
  private volatile Mark written = Mark.START;
  private volatile Mark forced = Mark.START;
  private boolean isBroken;
  private boolean isUncertain;
  private boolean isTampered;
  private boolean isNew;

  /// How far the file is good.
  ///
  /// @param size in bytes
  private record Mark(long size, Head head) {
    static final Mark START = new Mark(0, Head.START);
  }

  ActiveFile(Claim claim, Disk disk, Notices notices, LogCounts counts) {
    this.claim = claim;
    this.disk = disk;
    this.notices = notices;
    this.counts = counts;
  }

  /// Finds where the log ended, and goes on there. Reads the last file only.
  ///
  /// @param checkpoint lines that the log had for certain
  void open(long checkpoint) throws IOException {
    var end = end();
    var head = end.isPresent() ? end.get().head() : closedHead();
    var opened = disk.append(path());
    long size = end.map(LogEnd::size).orElse(0L);
    long torn = opened.size() - size;
    opened.cut(size);
    out = opened;
    chain.reset(head);
    firstSeq = end.map(LogEnd::firstSeq).orElse(head.seq() + 1);
    began = end.map(LogEnd::began).orElseGet(notices.clock()::instant);
    isNew = end.isEmpty();
    written = new Mark(size, head);
    forced = written;
    if (torn > 0) {
      news.add(notices.recovered(torn));
    }
    if (checkpoint > head.seq()) {
      news.add(notices.shortened(head.seq(), checkpoint));
    }
  }

  /// What begins as no log does is not touched, and out of the way.
  private Optional<LogEnd> end() throws IOException {
    if (!Files.exists(path())) {
      return Optional.empty();
    }
    try {
      return LogEnd.of(new LogFile(path(), OptionalLong.empty()));
    } catch (LogEnd.NoLog damaged) {
      log.error("{}: it is left beside the log, which goes on without it", damaged.getMessage());
      setAside();
      return Optional.empty();
    }
  }

  private void setAside() throws IOException {
    var name = path().getFileName() + ".found-" + notices.clock().millis();
    disk.rename(path(), path().resolveSibling(name));
  }

  /// Where the newest closed file ends: a crash between two files leaves none that is written to.
  private Head closedHead() throws IOException {
    var closed = claim.files().closed();
    var end = closed.isEmpty() ? Optional.<LogEnd>empty() : LogEnd.of(closed.getLast());
    return end.map(LogEnd::head).orElse(Head.START);
  }

  /// Writes a line for each record.
  ///
  /// @param isForced whether they are on the disk when this returns
  void append(List<AuditRecord> records, LogSettings settings, boolean isForced)
      throws IOException {
    var file = out;
    if (file == null) {
      throw new IllegalStateException("not open");
    }
    if (isBroken) {
      file = mended(file);
    }
    isBroken = true;
    if (isDue(settings.rotate())) {
      file = rotated(file);
    }
    if (written.size == 0 && chain.seq() > 0) {
      chain.add(notices.rotated(written.head.tree()));
    }
    news.forEach(chain::add);
    records.forEach(chain::add);
    write(file, isForced);
    news.clear();
    isBroken = false;
  }

  private void write(Disk.Appender file, boolean isForced) throws IOException {
    var lines = chain.lines();
    long size = written.size + lines.remaining();
    Disk.writeAll(file, lines);
    if (!file.isInPlace() || file.size() != size) {
      isTampered = true;
      throw new IOException("it was removed, or changed by somebody else");
    }
    if (isForced) {
      force(file);
    }
    counts.wrote(chain.seq() - written.head.seq(), size - written.size);
    written = new Mark(size, chain.head());
    forced = isForced ? written : forced;
    chain.clear();
  }

  /// A disk that fails here may have lost what it took before, and will not tell again.
  private void force(Disk.Appender file) throws IOException {
    isUncertain = true;
    counts.forcing();
    file.force();
    if (isNew) {
      disk.forceDirectory(directory());
    }
    counts.forced();
    isNew = false;
    isUncertain = false;
  }

  private boolean isDue(LogSettings.Rotate rotate) {
    return written.size >= rotate.size()
        || (written.size > 0
            && Duration.between(began, notices.clock().instant()).compareTo(rotate.age()) >= 0);
  }

  private Disk.Appender rotated(Disk.Appender file) throws IOException {
    if (forced.head.seq() != written.head.seq()) {
      force(file);
      forced = written;
    }
    disk.rename(path(), claim.files().closed(firstSeq));
    isNew = true;
    counts.rotated();
    return begun(file);
  }

  /// Begins another file behind the lines that are good.
  private Disk.Appender begun(Disk.Appender before) throws IOException {
    var file = disk.append(path());
    if (file.size() > 0) {
      file.close();
      setAside();
      file = disk.append(path());
    }
    out = file;
    firstSeq = chain.seq() + 1;
    began = notices.clock().instant();
    isNew = true;
    written = new Mark(0, chain.head());
    forced = written;
    before.close();
    return file;
  }

  /// Has the file as it is known to be, and begins another: this one may be too large, or be on a
  /// part of the disk that is bad.
  private Disk.Appender mended(Disk.Appender file) throws IOException {
    disk.createDirectories(directory());
    claim.renew();
    chain.reset(written.head);
    boolean isOurs = !isTampered && file.isInPlace() && file.size() >= written.size;
    if (isOurs) {
      file.cut(written.size);
      file.force();
    }
    if (isOurs && written.size == 0) {
      disk.delete(path());
    } else if (isOurs) {
      disk.rename(path(), claim.files().closed(firstSeq));
      counts.rotated();
    }
    var next = begun(file);
    isTampered = false;
    isUncertain = false;
    return next;
  }

  /// Gives up the lines that were written, and are not to be relied on after a failure.
  ///
  /// @return how many
  long giveUp() {
    long lines = isUncertain ? written.head.seq() - forced.head.seq() : 0;
    written = isUncertain ? forced : written;
    return lines;
  }

  private Path path() {
    return claim.files().active();
  }

  private Path directory() {
    var directory = path().toAbsolutePath().getParent();
    return directory == null ? path().toAbsolutePath().getRoot() : directory;
  }

  /// The last line that was given to the system. For any thread.
  Head written() {
    return written.head;
  }

  /// The last line that is on the disk for certain. For any thread.
  Head forced() {
    return forced.head;
  }

  /// Bytes of the file. For any thread.
  long size() {
    return written.size;
  }

  /// Has everything on the disk, and ends.
  void close() throws IOException {
    var file = out;
    if (file != null) {
      try (file) {
        if (!isBroken) {
          force(file);
          forced = written;
        }
      }
    }
  }
}
