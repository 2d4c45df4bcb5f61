package io.watchgate.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A mapping with known keys: the table that both reading and the JSON Schema follow.
///
/// @param hints what to say about an unknown key that people are likely to write
/// @param free pattern of the keys that are nobody's business here, empty for none
record Section(String description, List<Key<?>> keys, Map<String, String> hints, String free)
    implements Type<Values> {

  static Section of(String description, Key<?>... keys) {
    return new Section(description, List.of(keys), Map.of(), "");
  }

  /// Lets any other key pass.
  Section open() {
    return new Section(description, keys, hints, ".*");
  }

  /// Lets keys that begin with `_` pass: people keep YAML anchors there.
  Section withAnchors() {
    return new Section(description, keys, hints, "_.*");
  }

  Section hint(String name, String text) {
    var more = new HashMap<>(hints);
    more.put(name, text);
    return new Section(description, keys, Map.copyOf(more), free);
  }

  @Override
  public boolean isScalar() {
    return false;
  }

  @Override
  public Optional<Values> read(Place place) {
    if (!(place.value() instanceof Yaml.Mapping mapping)) {
      place.expected("a mapping");
      return Optional.empty();
    }
    Map<String, Values.Read> read = new LinkedHashMap<>();
    Set<String> misspelt = new HashSet<>();
    for (var entry : mapping.entries()) {
      keys.stream()
          .filter(key -> key.name().equals(entry.key()))
          .findFirst()
          .ifPresentOrElse(
              key -> read.put(key.name(), read(key, place, entry)),
              () -> unknown(place, entry).ifPresent(misspelt::add));
    }
    var values = new Values(place, read, misspelt);
    keys.stream()
        .filter(key -> key.isRequired() && !values.wrote(key))
        .forEach(key -> place.problem("the key \"" + key.name() + "\" is missing"));
    return Optional.of(values);
  }

  /// A key with nothing after it counts as not written, for people comment out what follows.
  private static Values.Read read(Key<?> key, Place place, Yaml.Entry entry) {
    var there = place.entry(entry);
    if (entry.value().isNull()) {
      return new Values.Read(there, Optional.empty());
    }
    return new Values.Read(there, there.read(key.type()).map(value -> (Object) value));
  }

  /// Reports a key that is not known, and says which one was meant.
  private Optional<String> unknown(Place place, Yaml.Entry entry) {
    if (entry.key().matches(free)) {
      return Optional.empty();
    }
    var hint = hints.get(entry.key());
    var known = keys.stream().map(Key::name).toList();
    var nearest = hint == null ? NearestName.of(entry.key(), known) : Optional.<String>empty();
    var message = hint == null ? "unknown key" : "unknown key: " + hint;
    var path = YamlFrame.join(place.path(), entry.key());
    place.problems().add(entry.keyAt(), path, message, nearest);
    return nearest;
  }

  @Override
  public Map<String, Object> schema() {
    Map<String, Object> properties = new LinkedHashMap<>();
    keys.forEach(key -> properties.put(key.name(), Schemas.of(key)));
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("description", description);
    schema.put("properties", properties);
    var required = keys.stream().filter(Key::isRequired).map(Key::name).toList();
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    if (free.startsWith("_")) {
      schema.put("patternProperties", Map.of("^" + free, Map.of()));
    }
    schema.put("additionalProperties", free.equals(".*"));
    return schema;
  }
}
