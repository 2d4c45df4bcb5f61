package io.watchgate.audit;

import io.watchgate.audit.CheckpointFile.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whose checkpoints are good.
public final class Trust {
  private final List<VerifierKey> keys;
  private final boolean isNamed;

  private Trust(List<VerifierKey> keys, boolean isNamed) {
    this.keys = keys;
    this.isNamed = isNamed;
  }

  /// Good is what one of these keys signed, and a log without any such checkpoint is not.
  ///
  /// @param vkeys keys as `signing.pub` has them, or paths of such files
  /// @throws IllegalArgumentException when one is no key
  public static Trust named(List<String> vkeys) throws IOException {
    var keys = new ArrayList<VerifierKey>();
    for (var vkey : vkeys) {
      var text = Files.isRegularFile(Path.of(vkey)) ? Files.readString(Path.of(vkey)) : vkey;
      keys.add(
          VerifierKey.parse(text.strip())
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "\""
                          + vkey
                          + "\" is no key and no file with one: it is the line in the"
                          + " gateway's signing.pub")));
    }
    return new Trust(keys, true);
  }

  /// Good is what the key of this directory signed, of those who have one.
  ///
  /// @param directory where the gateway keeps its key
  public static Trust local(Path directory) throws IOException {
    var file = SigningKey.publicFile(directory);
    return Files.exists(file)
        ? new Trust(named(List.of(file.toString())).keys, false)
        : new Trust(List.of(), false);
  }

  /// The first entry that is no checkpoint, was signed by nobody who is trusted, or is of another
  /// log than the first.
  ///
  /// @param done runs for each that was looked at
  /// @throws IOException when there are some and no key
  Optional<Fault> firstForged(List<Entry> entries, Runnable done) throws IOException {
    if (entries.isEmpty()) {
      return Optional.empty();
    }
    if (keys.isEmpty()) {
      throw new IOException(
          entries.getFirst().file()
              + " has checkpoints, and nobody says who may sign them: name the key of the gateway"
              + " that wrote the log, which is in its signing.pub, with --key");
    }
    var origin = entries.getFirst().checkpoint().map(Checkpoint::origin).orElse("");
    return entries.parallelStream()
        .flatMap(entry -> {
          var fault = forged(entry, origin);
          done.run();
          return fault.stream();
        })
        .findFirst();
  }

  private Optional<Fault> forged(Entry entry, String origin) {
    var checkpoint = entry.checkpoint();
    if (checkpoint.isEmpty()) {
      return Optional.of(Fault.noCheckpoint(entry, "what begins here is no checkpoint"));
    }
    if (!isSigned(entry.note().orElseThrow())) {
      return Optional.of(
          Fault.noCheckpoint(
              entry,
              "no key that is trusted signed this checkpoint over %d lines"
                  .formatted(checkpoint.get().size())));
    }
    return checkpoint.get().origin().equals(origin)
        ? Optional.empty()
        : Optional.of(Fault.noCheckpoint(entry, "this checkpoint is of another log"));
  }

  boolean isSigned(SignedNote note) {
    return keys.stream().anyMatch(key -> key.signed(note));
  }

  /// What is wrong with a log without any checkpoint, if somebody named whose there should be.
  Optional<Fault> missing(List<Entry> entries, LogFiles log) {
    return isNamed && entries.isEmpty() ? Optional.of(Fault.noCheckpoints(log)) : Optional.empty();
  }
}
