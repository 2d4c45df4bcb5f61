package io.watchgate.middleware;

import io.watchgate.jsonrpc.Json;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What becomes of one tool.
///
/// @param shown the name that clients know it by
/// @param defaults arguments that are added where a call does not have them, an object
/// @param fixed arguments that every call has and clients know nothing of, an object
record ToolRule(
    String shown,
    Optional<String> title,
    Optional<String> description,
    Json defaults,
    Json fixed,
    Checks checks,
    Optional<Keeping> keeping) {

  /// What is checked against the tool's schemas.
  record Checks(boolean arguments, boolean results) {}

  /// For how long answers are kept, and whether for everybody.
  record Keeping(Duration ttl, boolean shared) {}

  /// The rule for a tool that the configuration does not name.
  static ToolRule plain(String name, Checks checks) {
    return new ToolRule(
        name,
        Optional.empty(),
        Optional.empty(),
        Json.EMPTY_OBJECT,
        Json.EMPTY_OBJECT,
        checks,
        Optional.empty());
  }

  /// The definition as clients get it.
  Json shape(Json definition) {
    var shaped = definition;
    if (!definition.textMember("name").equals(Optional.of(shown))) {
      shaped = shaped.with("name", Json.string(shown));
    }
    if (title.isPresent()) {
      shaped = titled(shaped, Json.string(title.get()));
    }
    if (description.isPresent()) {
      shaped = shaped.set("description", Json.string(description.get()));
    }
    var schema = shaped.member("inputSchema");
    return schema.isPresent() ? shaped.with("inputSchema", shapeSchema(schema.get())) : shaped;
  }

  private static Json titled(Json definition, Json title) {
    var annotated =
        definition
            .member("annotations")
            .filter(annotations -> annotations.member("title").isPresent())
            .map(annotations -> definition.with("annotations", annotations.with("title", title)))
            .orElse(definition);
    return annotated.set("title", title);
  }

  /// The schema of the arguments that clients give: without the fixed ones, and the ones with a
  /// default are optional.
  Json shapeSchema(Json schema) {
    var optional = new LinkedHashSet<>(names(fixed));
    optional.addAll(names(defaults));
    return optional.isEmpty() ? schema : new SchemaPruning(names(fixed), optional).prune(schema);
  }

  static Set<String> names(Json object) {
    return object.members().stream()
        .map(Json.Member::key)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /// The arguments that the tool gets.
  Json fill(Json arguments) {
    var filled = arguments;
    for (var member : defaults.members()) {
      if (filled.member(member.key()).isEmpty()) {
        filled = filled.plus(member.key(), member.value());
      }
    }
    for (var member : fixed.members()) {
      filled = filled.set(member.key(), member.value());
    }
    return filled;
  }
}
