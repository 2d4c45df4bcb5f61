package io.watchgate.security.toolguard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// The pins of all servers, a file for each.
final class PinStore {
  private static final String ENDING = ".json";

  private final Path directory;
  private final boolean isForgiving;
  private final ConcurrentMap<String, PinFile> files = new ConcurrentHashMap<>();

  /// @param isForgiving whether pins that cannot be written are kept for this process alone
  PinStore(Path directory, boolean isForgiving) {
    this.directory = directory;
    this.isForgiving = isForgiving;
  }

  PinFile of(String server) {
    return files.computeIfAbsent(server, name -> new PinFile(directory, name, isForgiving));
  }

  /// The pins of a server, which may be in no file, and of all that are in one.
  List<Pins> around(String center) throws IOException {
    var all = new ArrayList<>(List.of(of(center).pins()));
    for (var server : servers()) {
      all.add(of(server).pins());
    }
    return all;
  }

  /// The servers that have pins, by name.
  List<String> servers() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var entries = Files.list(directory)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.endsWith(ENDING))
          .map(name -> name.substring(0, name.length() - ENDING.length()))
          .sorted()
          .toList();
    }
  }
}
