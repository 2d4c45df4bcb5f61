package io.watchgate.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/// What somebody wants to see of a log: all of it, or one closed file alone.
record LogPart(LogFiles log, Optional<LogFile> alone) {

  /// What a path stands for: a directory for all logs in it, the file that is written to for the
  /// whole log, a closed file for itself.
  ///
  /// @throws IOException when there is no log
  static List<LogPart> at(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      var logs = LogFiles.in(path);
      if (logs.isEmpty()) {
        throw new IOException("no audit log is in " + path + ": files that end in .jsonl are some");
      }
      return logs.stream().map(log -> new LogPart(log, Optional.empty())).toList();
    }
    var file = LogFile.of(path);
    if (file.isClosed() && Files.exists(path)) {
      return List.of(new LogPart(LogFiles.of(file), Optional.of(file)));
    }
    var log = new LogFiles(path);
    if (log.all().isEmpty()) {
      throw new IOException("there is no audit log " + path + ": name one, or its directory");
    }
    return List.of(new LogPart(log, Optional.empty()));
  }

  /// @param read is told how many more bytes of files were read
  LogWalk walk(LongConsumer read) {
    return alone.map(file -> LogWalk.alone(file, read)).orElseGet(() -> new LogWalk(log, read));
  }

  /// How people call it.
  Path path() {
    return alone.map(LogFile::path).orElse(log.active());
  }

  /// Bytes of its files, as they are now.
  long size() throws IOException {
    long size = 0;
    for (var file : alone.isPresent() ? List.of(alone.get()) : log.all()) {
      size += Files.exists(file.path()) ? Files.size(file.path()) : 0;
    }
    return size;
  }
}
