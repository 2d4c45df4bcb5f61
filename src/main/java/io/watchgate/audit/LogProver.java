package io.watchgate.audit;

import io.watchgate.audit.Fault.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Makes proofs that lines are in logs. All lines up to the newest checkpoint are verified on the
/// way.
public final class LogProver {
  private final Trust trust;
  private final LongConsumer progress;

  /// @param trust whose checkpoints are good
  /// @param progress is told of more bytes that were read
  public LogProver(Trust trust, LongConsumer progress) {
    this.trust = trust;
    this.progress = progress;
  }

  /// A checkpoint that covers the line, with its signatures.
  private record Sealed(SignedNote note, Checkpoint checkpoint) {}

  /// A proof for the line with a number.
  ///
  /// @param path of one log
  /// @throws IOException when nothing can be read, or no checkpoint covers the line
  /// @throws BrokenLog when the log does not verify up to the checkpoint
  public Proof prove(Path path, long seq) throws IOException, BrokenLog {
    var parts = LogPart.at(path);
    if (parts.size() > 1) {
      throw new IOException(
          path + " has several logs: name one of " + parts.stream().map(LogPart::path).toList());
    }
    var log = parts.getFirst().log();
    var sealed = newest(log, seq);
    return new Run(seq, sealed).over(new LogWalk(log, progress));
  }

  private Sealed newest(LogFiles log, long seq) throws IOException {
    long covered = 0;
    for (var entry : CheckpointFile.read(log.checkpoints()).reversed()) {
      var checkpoint = entry.checkpoint().filter(found -> found.size() >= seq);
      covered = Math.max(covered, entry.checkpoint().map(Checkpoint::size).orElse(0L));
      if (checkpoint.isPresent() && trust.isSigned(entry.note().orElseThrow())) {
        return new Sealed(entry.note().orElseThrow(), checkpoint.get());
      }
    }
    throw new IOException(
        "no signed checkpoint covers line %d of %s, the newest covers %d lines: a gateway that runs"
                .formatted(seq, log.active(), covered)
            + " signs another one soon; is it of another machine, name its key with --key");
  }

  /// The way through one log.
  private static final class Run {
    private final long seq;
    private final Sealed sealed;
    private final Chain chain;
    private @Nullable InclusionPath path;
    private byte[] line = {};

    private Run(long seq, Sealed sealed) {
      this.seq = seq;
      this.sealed = sealed;
      this.chain = new Chain(List.of(sealed.checkpoint));
    }

    private Proof over(LogWalk walk) throws IOException, BrokenLog {
      var place = new Place(Path.of(""), 0, 0);
      for (var opened = walk.next(); opened != null; opened = walk.next()) {
        try (var file = opened) {
          long number = 0;
          for (var next = file.lines().next(); next != null; next = file.lines().next()) {
            place = new Place(file.file().path(), ++number, chain.nextSeq());
            take(next, place);
            if (chain.nextSeq() > sealed.checkpoint.size()) {
              return proof();
            }
          }
        }
      }
      throw new BrokenLog(chain.end(place).orElseThrow());
    }

    private void take(Line next, Place place) throws BrokenLog {
      if (next.seq() == seq) {
        path = chain.treeBefore(next).map(InclusionPath::new).orElse(null);
        line = next.toBytes();
      }
      if (!chain.take(next, place)) {
        throw new BrokenLog(chain.endOfPart().orElseThrow());
      }
      if (path != null && chain.nextSeq() > seq + 1) {
        path.append(chain.hash());
      }
    }

    private Proof proof() throws IOException {
      if (path == null) {
        throw new IOException(
            "the log begins with line %d: line %d was removed when its file became too old"
                .formatted(chain.firstSeq(), seq));
      }
      return new Proof(
          new String(line, StandardCharsets.UTF_8),
          sealed.note.encode(),
          path.hashes().stream().map(Base64.getEncoder()::encodeToString).toList());
    }
  }
}
