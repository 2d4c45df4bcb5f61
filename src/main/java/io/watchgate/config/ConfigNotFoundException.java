package io.watchgate.config;

import java.nio.file.Path;
import java.util.List;

/// No configuration file is where one is looked for; the message names every place.
public final class ConfigNotFoundException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Path> searched;

  ConfigNotFoundException(String message, List<Path> searched) {
    super(message);
    this.searched = List.copyOf(searched);
  }

  /// The files that were looked for.
  public List<Path> searched() {
    return searched;
  }
}
