package io.watchgate.config;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What was read of one section: written values by key, defaults for the rest.
final class Values {
  private final Place place;
  private final Map<String, Read> read;

  private final Set<String> misspelt;

  /// @param misspelt keys that were meant by one that is not known, which was reported
  Values(Place place, Map<String, Read> read, Set<String> misspelt) {
    this.place = place;
    this.read = read;
    this.misspelt = misspelt;
  }

  /// A section that was not written at all.
  static Values none(Place around) {
    return new Values(around, Map.of(), Set.of());
  }

  /// The written value, otherwise the default.
  <T> T get(Key<T> key) {
    return find(key).orElseGet(key::standardValue);
  }

  /// The written value when it could be read.
  @SuppressWarnings("unchecked") // a key's value was read by that key's own type
  <T> Optional<T> find(Key<T> key) {
    return Optional.ofNullable(read.get(key.name())).flatMap(found -> (Optional<T>) found.value());
  }

  /// A section inside this one, empty of values when it was not written.
  Values section(Key<Values> key) {
    return find(key).orElseGet(() -> none(at(key)));
  }

  /// True when something stands after the key, readable or not, or after what was meant to be it.
  boolean wrote(Key<?> key) {
    var found = read.get(key.name());
    return misspelt.contains(key.name()) || (found != null && !found.place().value().isNull());
  }

  Place place() {
    return place;
  }

  /// Where the key is written, otherwise the section that lacks it.
  Place at(Key<?> key) {
    var found = read.get(key.name());
    return found == null ? place : found.place();
  }

  record Read(Place place, Optional<Object> value) {}
}
