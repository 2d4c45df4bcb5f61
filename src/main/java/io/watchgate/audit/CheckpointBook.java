package io.watchgate.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// The checkpoints of a log, one after the other: signed notes, each with an empty line behind it.
/// The oldest leave when there are many, since each covers all that those before it cover.
final class CheckpointBook {
  private static final int MOST_BYTES = 4 << 20;
  private static final int KEPT_BYTES = 1 << 20;
  private static final int LONGEST_NOTE = 8 * 1024;
  private static final String END = "\n\n";

  /// Before the signatures of a note: its dash as the bytes that it has.
  private static final String SIGNATURES =
      new String("\n\n— ".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

  private final Path file;
  private final Disk disk;

  CheckpointBook(Path file, Disk disk) {
    this.file = file;
    this.disk = disk;
  }

  /// The newest checkpoint.
  Optional<Checkpoint> last() throws IOException {
    var entries = CheckpointFile.read(file);
    return entries.isEmpty() ? Optional.empty() : entries.getLast().checkpoint();
  }

  /// Behind the last note that is whole: one ends with its signature and an empty line.
  private static int wholeEnd(String notes) {
    int at = notes.lastIndexOf(SIGNATURES);
    while (at >= 0) {
      int end = notes.indexOf(END, at + SIGNATURES.length());
      if (end >= 0) {
        return end + END.length();
      }
      at = notes.lastIndexOf(SIGNATURES, at - 1);
    }
    return 0;
  }

  private String end(int bytes) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long from = Math.max(0, channel.size() - bytes);
      var end = ByteBuffer.allocate((int) (channel.size() - from));
      while (end.hasRemaining() && channel.read(end, from + end.position()) >= 0) {
        // until all is read
      }
      return new String(end.array(), 0, end.position(), StandardCharsets.ISO_8859_1);
    }
  }

  /// Adds a note behind the last one that is whole, and has it on the disk.
  void add(SignedNote note) throws IOException {
    try (var out = disk.append(file)) {
      if (out.size() > 0) {
        var end = end(LONGEST_NOTE);
        out.cut(out.size() - end.length() + wholeEnd(end));
      }
      Disk.writeAll(out, ByteBuffer.wrap((note.encode() + "\n").getBytes(StandardCharsets.UTF_8)));
      out.force();
    }
    if (Files.size(file) > MOST_BYTES) {
      shorten();
    }
  }

  private void shorten() throws IOException {
    var notes = end(KEPT_BYTES);
    int first = notes.indexOf(END, notes.indexOf(SIGNATURES) + SIGNATURES.length()) + END.length();
    var draft = file.resolveSibling(file.getFileName() + ".part");
    disk.delete(draft);
    try (var out = disk.append(draft)) {
      var bytes = notes.substring(first).getBytes(StandardCharsets.ISO_8859_1);
      Disk.writeAll(out, ByteBuffer.wrap(bytes));
      out.force();
    }
    disk.rename(draft, file);
  }
}
