package io.watchgate.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Pieces of JSON Schema.
final class Schemas {
  /// A text with a reference, whose value is known only where the gateway runs.
  private static final Map<String, Object> REFERENCE = Map.of("$ref", "#/$defs/reference");

  private Schemas() {}

  static Map<String, Object> reference() {
    return object(
        "type", "string",
        "pattern", "\\$\\{(env|file):[^}]*\\}",
        "description", "${env:NAME}, ${env:NAME:-default} or ${file:PATH}");
  }

  /// A schema in the order it is written: name, value, name, value.
  static Map<String, Object> object(Object... namesAndValues) {
    Map<String, Object> schema = new LinkedHashMap<>();
    for (var i = 0; i < namesAndValues.length; i += 2) {
      schema.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return schema;
  }

  /// The schema of a value where it stands in a list or a mapping: as it is, or a reference.
  static Map<String, Object> of(Type<?> type) {
    var schema = type.schema();
    var takesAnyText = "string".equals(schema.get("type")) && !schema.containsKey("pattern");
    return !type.isScalar() || takesAnyText || schema.isEmpty()
        ? schema
        : object("anyOf", List.of(schema, REFERENCE));
  }

  static Map<String, Object> of(Key<?> key) {
    Map<String, Object> schema = object("description", key.description());
    var value = of(key.type());
    if (key.isRequired() || value.isEmpty()) {
      value.forEach(schema::putIfAbsent);
    } else {
      // Nothing after a key counts as not written.
      schema.put("anyOf", List.of(value, object("type", "null")));
    }
    key.standard().ifPresent(text -> schema.put("default", plain(YamlReader.readOwn(text))));
    return schema;
  }

  /// The same value in the types that JSON has.
  private static Object plain(Yaml value) {
    return switch (value) {
      case Yaml.Sequence sequence -> sequence.items().stream().map(Schemas::plain).toList();
      case Yaml.Mapping mapping -> {
        Map<String, Object> plain = new LinkedHashMap<>();
        mapping.entries().forEach(entry -> plain.put(entry.key(), plain(entry.value())));
        yield plain;
      }
      case Yaml.Scalar scalar ->
          switch (scalar.kind()) {
            case INTEGER -> Integer.valueOf(scalar.text());
            case NUMBER -> Double.valueOf(scalar.text());
            case BOOLEAN -> Boolean.valueOf(scalar.text());
            case TEXT, NULL, REPLACED, UNRESOLVED -> scalar.text();
          };
    };
  }
}
