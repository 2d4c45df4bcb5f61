package io.watchgate.config;

import java.util.Map;
import java.util.Optional;

/// What the value of a key may be. Reads it, and describes itself as JSON Schema, so that the two
/// cannot disagree.
interface Type<T> {

  /// The value, or empty after everything wrong with it was reported.
  Optional<T> read(Place place);

  /// The JSON Schema of what `read` accepts, without references.
  Map<String, Object> schema();

  /// True when references (`${env:NAME}`) stand for the whole value.
  default boolean isScalar() {
    return true;
  }
}
