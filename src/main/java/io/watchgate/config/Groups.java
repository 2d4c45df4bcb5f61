package io.watchgate.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Lists and mappings of values.
final class Groups {
  private Groups() {}

  static <T> Type<List<T>> listOf(Type<T> type) {
    return listOf(type, 0);
  }

  static <T> Type<List<T>> listOf(Type<T> type, int least) {
    var schema = Schemas.object("type", "array", "items", Schemas.of(type));
    if (least > 0) {
      schema.put("minItems", least);
    }
    return group(
        schema,
        place -> {
          if (!(place.value() instanceof Yaml.Sequence sequence)) {
            return Scalars.reject(place, "a list");
          } else if (sequence.items().size() < least) {
            place.problem("the list is empty, it needs at least " + least);
            return Optional.empty();
          }
          return all(place.items(), type);
        });
  }

  private static <T> Optional<List<T>> all(List<Place> places, Type<T> type) {
    List<T> values = new ArrayList<>();
    places.forEach(place -> place.read(type).ifPresent(values::add));
    return values.size() == places.size() ? Optional.of(List.copyOf(values)) : Optional.empty();
  }

  /// A list, or its only element without the brackets.
  static <T> Type<List<T>> oneOrMore(Type<T> type) {
    var many = listOf(type, 1);
    return group(
        Schemas.object("anyOf", List.of(many.schema(), type.schema())),
        place ->
            place.value() instanceof Yaml.Mapping
                ? place.read(type).map(List::of)
                : place.read(many));
  }

  /// Names that match a pattern, said in words, to values.
  static <T> Type<Map<String, T>> mapOf(String pattern, String words, Type<T> type) {
    var name = Pattern.compile(pattern);
    var schema =
        Schemas.object(
            "type", "object",
            "propertyNames", Schemas.object("pattern", "^(" + pattern + ")$"),
            "additionalProperties", Schemas.of(type));
    return group(
        schema,
        place -> {
          if (!(place.value() instanceof Yaml.Mapping mapping)) {
            return Scalars.reject(place, "a mapping");
          }
          Map<String, T> values = new LinkedHashMap<>();
          for (var entry : mapping.entries()) {
            var there = place.entry(entry);
            if (!name.matcher(entry.key()).matches()) {
              var message = "expected " + words + ", not \"" + entry.key() + "\"";
              place.problems().add(entry.keyAt(), there.path(), message);
            }
            there.read(type).ifPresent(value -> values.put(entry.key(), value));
          }
          return Optional.of(Collections.unmodifiableMap(values));
        });
  }

  /// The same type, whose schema is written once, under `$defs`.
  static <T> Type<T> named(String name, Type<T> type) {
    return group(Schemas.object("$ref", "#/$defs/" + name), type::read);
  }

  /// Anything at all: it belongs to somebody else.
  static Type<Yaml> anything() {
    return group(Map.of(), place -> Optional.of(place.value()));
  }

  static <T> Type<T> group(Map<String, Object> schema, Function<Place, Optional<T>> reader) {
    var scalar = Scalars.scalar(schema, reader);
    return new Type<>() {
      @Override
      public Optional<T> read(Place place) {
        return scalar.read(place);
      }

      @Override
      public Map<String, Object> schema() {
        return schema;
      }

      @Override
      public boolean isScalar() {
        return false;
      }
    };
  }
}
