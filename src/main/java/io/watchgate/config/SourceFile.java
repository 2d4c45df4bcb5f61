package io.watchgate.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// The text of a configuration file.
final class SourceFile {
  /// Beyond every configuration a person writes, and little enough to check twice.
  static final int MAX_BYTES = 1 << 20;

  private SourceFile() {}

  /// The text without a byte order mark, or empty after what is wrong was reported.
  static Optional<String> read(Path file, Problems problems) {
    try (var stream = Files.newInputStream(file)) {
      var bytes = stream.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        problems.add(Position.START, "", "the file is larger than " + MAX_BYTES + " bytes");
        return Optional.empty();
      }
      return decode(bytes, problems);
    } catch (NoSuchFileException e) {
      problems.add(Position.START, "", "there is no such file");
    } catch (IOException e) {
      var isDirectory = Files.isDirectory(file);
      var reason = isDirectory ? "it is a directory" : "it cannot be read: " + e.getMessage();
      problems.add(Position.START, "", "expected a file, but " + reason);
    }
    return Optional.empty();
  }

  private static Optional<String> decode(byte[] bytes, Problems problems) {
    var decoder = StandardCharsets.UTF_8.newDecoder();
    var input = ByteBuffer.wrap(bytes);
    try {
      var text = decoder.decode(input).toString();
      return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
    } catch (CharacterCodingException e) {
      problems.add(positionAt(bytes, input.position()), "", "the file is not UTF-8 text");
      return Optional.empty();
    }
  }

  private static Position positionAt(byte[] bytes, int index) {
    var before = new String(bytes, 0, index, StandardCharsets.UTF_8);
    var lines = before.split("\n", -1);
    var last = lines[lines.length - 1];
    return new Position(lines.length, last.codePointCount(0, last.length()) + 1);
  }
}
