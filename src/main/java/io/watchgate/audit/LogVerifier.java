package io.watchgate.audit;

import io.watchgate.audit.CheckpointFile.Entry;
import io.watchgate.audit.Fault.Place;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.zip.ZipException;

/// Verifies logs: reads every line, and every checkpoint.
public final class LogVerifier {
  /// What it takes to verify a signature, in bytes of lines that take as long.
  private static final long BYTES_PER_SIGNATURE = 100_000;

  private final Trust trust;
  private final List<Path> copies;
  private final LongConsumer progress;

  /// @param trust whose checkpoints are good
  /// @param copies files with checkpoints that were kept elsewhere
  /// @param progress is told of more bytes done, those of {@link #work}
  public LogVerifier(Trust trust, List<Path> copies, LongConsumer progress) {
    this.trust = trust;
    this.copies = copies;
    this.progress = progress;
  }

  /// How many bytes it is about to verify what a path stands for.
  public static long work(Path path) throws IOException {
    long work = 0;
    for (var part : LogPart.at(path)) {
      long signatures = CheckpointFile.read(part.log().checkpoints()).size();
      work += part.size() + signatures * BYTES_PER_SIGNATURE;
    }
    return work;
  }

  /// Verifies all that a path stands for: a directory for the logs in it, the file that is written
  /// to for its whole log, a closed file for itself alone.
  ///
  /// @throws IOException when something cannot be read, or nobody says whose checkpoints are good
  public List<Verdict> verify(Path path) throws IOException {
    var verdicts = new ArrayList<Verdict>();
    for (var part : LogPart.at(path)) {
      verdicts.add(verify(part));
    }
    return verdicts;
  }

  /// The checkpoints are read before the lines: those that are written meanwhile cover more lines
  /// than are read.
  private Verdict verify(LogPart part) throws IOException {
    var entries = new ArrayList<>(CheckpointFile.read(part.log().checkpoints()));
    for (var copy : copies) {
      entries.addAll(CheckpointFile.read(copy));
    }
    return new Run(part, entries).verdict();
  }

  /// The verification of one log.
  private final class Run {
    private final LogPart part;
    private final List<Entry> entries;
    private final Optional<Fault> forged;
    private final Chain chain;
    private int files;
    private Place place;

    private Run(LogPart part, List<Entry> entries) throws IOException {
      this.part = part;
      this.entries = entries;
      this.forged = trust.firstForged(entries, () -> progress.accept(BYTES_PER_SIGNATURE));
      this.chain = new Chain(good());
      this.place = new Place(part.path(), 0, 0);
    }

    /// Behind the first that is none of ours nothing is taken for good.
    private List<Checkpoint> good() {
      return entries.stream()
          .takeWhile(entry -> forged.filter(f -> isAt(f, entry)).isEmpty())
          .flatMap(entry -> entry.checkpoint().stream())
          .sorted(Comparator.comparingLong(Checkpoint::size))
          .toList();
    }

    private static boolean isAt(Fault fault, Entry entry) {
      return fault.file().equals(entry.file()) && fault.line() == entry.line();
    }

    private Verdict verdict() throws IOException {
      boolean isWhole = part.alone().isEmpty();
      var fault =
          read()
              .or(() -> isWhole ? chain.end(place) : chain.endOfPart())
              .or(() -> forged)
              .or(() -> isWhole ? trust.missing(entries, part.log()) : Optional.empty());
      return new Verdict(
          part.path(),
          isWhole,
          files,
          chain.firstSeq(),
          chain.nextSeq() - 1,
          chain.head(),
          chain.sealed(),
          fault);
    }

    /// Reads to the end or to the first fault.
    private Optional<Fault> read() throws IOException {
      var walk = part.walk(progress);
      var fault = Optional.<Fault>empty();
      var next = walk.next();
      while (next != null) {
        fault = read(next);
        next = fault.isEmpty() ? walk.next() : null;
      }
      return fault;
    }

    private Optional<Fault> read(LogWalk.Opened opened) throws IOException {
      files++;
      place = new Place(opened.file().path(), 0, chain.nextSeq() - 1);
      try (opened) {
        return follow(opened)
            ? Optional.empty()
            : chain.endOfPart().or(() -> Optional.of(misnamed(opened.file())));
      } catch (ZipException | EOFException damaged) {
        return chain.endOfPart().or(() -> Optional.of(place.unreadable(damaged)));
      }
    }

    private boolean follow(LogWalk.Opened opened) throws IOException {
      var file = opened.file();
      long number = 0;
      for (var line = opened.lines().next(); line != null; line = opened.lines().next()) {
        if (!line.isWhole() && !file.isClosed() && part.log().isBeingWritten()) {
          return true; // its end is on the way
        }
        place = new Place(file.path(), ++number, chain.nextSeq());
        if (!chain.take(line, place) || (number == 1 && isMisnamed(file))) {
          return false;
        }
      }
      return true;
    }

    private boolean isMisnamed(LogFile file) {
      return file.isClosed() && file.firstSeq().getAsLong() != chain.nextSeq() - 1;
    }

    private Fault misnamed(LogFile file) {
      long seq = chain.nextSeq() - 1;
      return new Place(file.path(), 1, seq).otherFirst(file.firstSeq().getAsLong());
    }
  }
}
