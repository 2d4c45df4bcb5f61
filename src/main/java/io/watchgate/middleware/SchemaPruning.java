package io.watchgate.middleware;

import io.watchgate.jsonrpc.Json;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Takes arguments out of the schema of a tool, wherever it speaks of the arguments themselves.
///
/// @param gone arguments that the schema does not mention any more
/// @param optional arguments that it does not require any more
record SchemaPruning(Set<String> gone, Set<String> optional) {
  private static final List<String> ALTERNATIVES = List.of("allOf", "anyOf", "oneOf");
  private static final List<String> BRANCHES = List.of("if", "then", "else");
  private static final List<String> BY_NAME =
      List.of("properties", "dependentRequired", "dependentSchemas", "dependencies");

  Json prune(Json schema) {
    var pruned = schema;
    for (var key : BY_NAME) {
      pruned = replace(pruned, key, byName -> byName.without(gone));
    }
    pruned = replace(pruned, "required", this::pruneRequired);
    for (var key : ALTERNATIVES) {
      pruned =
          replace(
              pruned, key, all -> Json.array(all.elements().stream().map(this::prune).toList()));
    }
    for (var key : BRANCHES) {
      pruned = replace(pruned, key, this::prune);
    }
    return pruned;
  }

  private Json pruneRequired(Json required) {
    return Json.array(
        required.elements().stream()
            .filter(name -> !name.isString() || !optional.contains(name.text()))
            .toList());
  }

  private static Json replace(Json schema, String key, UnaryOperator<Json> with) {
    var value = schema.member(key);
    if (value.isEmpty()) {
      return schema;
    }
    var replaced = with.apply(value.get());
    return replaced.isSameAs(value.get()) ? schema : schema.with(key, replaced);
  }
}
