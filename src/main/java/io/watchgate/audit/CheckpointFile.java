package io.watchgate.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The checkpoints of a log as they were appended to a file: notes with an empty line behind each.
final class CheckpointFile {
  /// An empty line above the signatures, and one below them.
  private static final int EMPTY_LINES = 2;

  /// No note of ours is longer; what is longer is none.
  private static final int MOST_CHARACTERS = 16 * 1024;

  private CheckpointFile() {}

  /// What stands in one place of the file.
  ///
  /// @param line where it begins, from 1
  /// @param note empty when it is no signed note
  record Entry(Path file, long line, Optional<SignedNote> note) {
    Optional<Checkpoint> checkpoint() {
      return note.flatMap(signed -> Checkpoint.parse(signed.text()));
    }
  }

  /// All entries in their order, none when there is no file. What a writer has not finished at the
  /// end is left out.
  static List<Entry> read(Path file) throws IOException {
    return Files.exists(file) ? readExisting(file) : List.of();
  }

  private static List<Entry> readExisting(Path file) throws IOException {
    var entries = new ArrayList<Entry>();
    try (var in = Files.newInputStream(file)) {
      // Bytes that are no UTF-8 become something that no signature is good for.
      var reader = new BufferedReader(new java.io.InputStreamReader(in, StandardCharsets.UTF_8));
      var text = new StringBuilder();
      long number = 0;
      long first = 1;
      int empty = 0;
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        empty += line.isEmpty() ? 1 : 0;
        if (empty < EMPTY_LINES && text.length() < MOST_CHARACTERS) {
          text.append(line).append('\n');
        } else {
          entries.add(new Entry(file, first, SignedNote.parse(text.toString())));
          text.setLength(0);
          empty = 0;
          first = number + 1;
        }
      }
    }
    return entries;
  }
}
