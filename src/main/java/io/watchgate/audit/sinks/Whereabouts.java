package io.watchgate.audit.sinks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// Which file a name led to when it was opened. Somebody may move or remove it afterwards.
///
/// @param key of the file, null where the system does not say
record Whereabouts(Path path, @Nullable Object key) {

  static Whereabouts of(Path path) throws IOException {
    return new Whereabouts(path, Files.readAttributes(path, BasicFileAttributes.class).fileKey());
  }

  /// Whether the name still leads there.
  boolean areTheSame() {
    try {
      return of(path).equals(this);
    } catch (IOException _) {
      return false;
    }
  }
}
