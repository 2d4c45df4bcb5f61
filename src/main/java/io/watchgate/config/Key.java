package io.watchgate.config;

import java.nio.file.Path;
import java.util.Optional;

/// One key of a section: its name, what it may hold, what it means and its default.
///
/// @param standard the default as a person would write it, empty when there is none
record Key<T>(
    String name, Type<T> type, String description, Optional<String> standard, boolean isRequired) {

  static <T> Key<T> of(String name, Type<T> type, String description) {
    return new Key<>(name, type, description, Optional.empty(), false);
  }

  Key<T> or(String written) {
    return new Key<>(name, type, description, Optional.of(written), isRequired);
  }

  Key<T> required() {
    return new Key<>(name, type, description, standard, true);
  }

  /// The default, read by the same reader as a written value.
  T standardValue() {
    var problems = new Problems(Path.of("default"));
    var written = YamlReader.readOwn(standard.orElseThrow());
    var place = new Place(written, name, Places.NONE, problems);
    var value = type.read(place);
    problems.throwIfAny();
    return value.orElseThrow();
  }
}
