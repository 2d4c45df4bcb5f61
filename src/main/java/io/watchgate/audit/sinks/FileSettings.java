package io.watchgate.audit.sinks;

import io.watchgate.plugin.Options;
import java.nio.file.Path;
import java.util.Optional;

/// What sinks with files of lines can be told.
///
/// @param file empty for the usual one
/// @param isForced whether every batch is forced to the disk
/// @param largest bytes of a file, then it is put aside
/// @param aside files put aside that are kept, the newest
record FileSettings(Optional<Path> file, boolean isForced, int largest, int aside) {
  private static final int LEAST = 64 * 1024;
  private static final int STANDARD = 100 * 1024 * 1024;
  private static final int MOST = 2_000_000_000;
  private static final int STANDARD_ASIDE = 10;
  private static final int MOST_ASIDE = 10_000;

  static FileSettings read(Options options, SinkSettings settings) {
    return new FileSettings(
        options.path("output_file"),
        settings.waits(),
        options.bytes("max_file_size", LEAST, MOST, STANDARD),
        options.integer("keep_files", 0, MOST_ASIDE, STANDARD_ASIDE));
  }
}
