package io.watchgate.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.watchgate.jsonrpc.Json;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Looks at a schema of a stranger before anything is made of it: how large it is, how deep, what
/// it refers to, and how often one value would have to be looked at.
final class SchemaBudget {
  private static final int MAX_BYTES = 256 << 10;
  private static final int MAX_DEPTH = 64;
  private static final int MAX_OBJECTS = 4_000;

  /// Schemas that are asked about one and the same value, each time it is looked at.
  private static final int MAX_PASSES = 2_000;

  private static final List<String> REFERENCES = List.of("$ref", "$dynamicRef", "$recursiveRef");
  private static final List<String> ANCHORS = List.of("$anchor", "$dynamicAnchor");
  private static final List<String> ALTERNATIVES = List.of("allOf", "anyOf", "oneOf");
  private static final List<String> BRANCHES = List.of("not", "if", "then", "else");
  private static final List<String> BY_NAME = List.of("dependentSchemas", "dependencies");

  private final Json root;
  private final Map<String, Json> anchors = new HashMap<>();
  private final Map<Json, Integer> passes = new HashMap<>();
  private int objects;

  private SchemaBudget(Json root) {
    this.root = root;
  }

  /// What keeps a schema from being used, empty when nothing does.
  static Optional<String> excess(Json schema) {
    if (schema.length() > MAX_BYTES) {
      return Optional.of("has %d bytes, more than %d".formatted(schema.length(), MAX_BYTES));
    }
    try {
      var budget = new SchemaBudget(schema);
      budget.walk(schema, 1);
      for (var part : List.copyOf(budget.passes.keySet())) {
        budget.passes(part);
      }
      return Optional.empty();
    } catch (Excess excess) {
      return Optional.of(String.valueOf(excess.getMessage()));
    }
  }

  /// Counts all objects, whether they are schemas or not, and looks at what they refer to.
  private void walk(Json value, int depth) throws Excess {
    if (depth > MAX_DEPTH) {
      throw new Excess("is nested more than " + MAX_DEPTH + " levels deep");
    }
    for (var element : value.elements()) {
      walk(element, depth + 1);
    }
    if (value.isObject()) {
      if (++objects > MAX_OBJECTS) {
        throw new Excess("has more than " + MAX_OBJECTS + " parts");
      }
      passes.put(value, 0);
      for (var member : value.members()) {
        inspect(member, value, depth);
        if (member.key().equals("patternProperties")) {
          for (var named : member.value().members()) {
            compile(named.key());
          }
        }
        walk(member.value(), depth + 1);
      }
    }
  }

  private void inspect(Json.Member member, Json owner, int depth) throws Excess {
    if (!member.value().isString()) {
      return;
    }
    var text = member.value().text();
    if (REFERENCES.contains(member.key()) && !text.startsWith("#")) {
      throw new Excess("refers to another document, which is never fetched: " + brief(text));
    }
    if (member.key().equals("$id") && depth > 1) {
      throw new Excess("holds another document: " + brief(text));
    }
    if (member.key().equals("pattern")) {
      compile(text);
    }
    if (ANCHORS.contains(member.key())) {
      anchors.putIfAbsent(text, owner);
    }
  }

  private static void compile(String pattern) throws Excess {
    try {
      var _ = Pattern.compile(pattern);
    } catch (PatternSyntaxException _) {
      throw new Excess("has a pattern that cannot be matched in linear time: " + brief(pattern));
    }
  }

  /// How many schemas look at a value that this one looks at.
  private int passes(Json schema) throws Excess {
    int known = passes.getOrDefault(schema, 0);
    if (known < 0) {
      throw new Excess("refers to itself without going deeper");
    }
    if (known > 0) {
      return known;
    }
    passes.put(schema, -1);
    int sum = 1;
    for (var member : schema.members()) {
      sum += passes(member);
      if (sum > MAX_PASSES) {
        throw new Excess("looks at one value more than " + MAX_PASSES + " times");
      }
    }
    passes.put(schema, sum);
    return sum;
  }

  private int passes(Json.Member member) throws Excess {
    var value = member.value();
    if (REFERENCES.contains(member.key()) && value.isString()) {
      return passes(referred(value.text()));
    }
    if (BRANCHES.contains(member.key())) {
      return passes(value);
    }
    int sum = 0;
    if (ALTERNATIVES.contains(member.key())) {
      for (var alternative : value.elements()) {
        sum += passes(alternative);
      }
    }
    if (BY_NAME.contains(member.key())) {
      for (var named : value.members()) {
        sum += passes(named.value());
      }
    }
    return sum;
  }

  private Json referred(String reference) throws Excess {
    Optional<Json> found;
    if (reference.equals("#") || reference.startsWith("#/")) {
      found = Optional.of(root);
      for (var token : pointer(reference)) {
        found = found.flatMap(value -> step(value, token));
      }
    } else {
      found = Optional.ofNullable(anchors.get(reference.substring(1)));
    }
    return found.orElseThrow(() -> new Excess("refers to what is not there: " + brief(reference)));
  }

  private static List<String> pointer(String reference) throws Excess {
    if (reference.equals("#")) {
      return List.of();
    }
    try {
      var decoded = URLDecoder.decode(reference.replace("+", "%2B"), StandardCharsets.UTF_8);
      return List.of(decoded.substring(2).split("/", -1));
    } catch (IllegalArgumentException _) {
      throw new Excess("refers to what is not there: " + brief(reference));
    }
  }

  private static Optional<Json> step(Json value, String token) {
    if (value.isArray()) {
      var elements = value.elements();
      boolean isIndex = token.length() < 7 && token.chars().allMatch(Character::isDigit);
      int index = isIndex && !token.isEmpty() ? Integer.parseInt(token) : -1;
      return index >= 0 && index < elements.size()
          ? Optional.of(elements.get(index))
          : Optional.empty();
    }
    return value.member(token.replace("~1", "/").replace("~0", "~"));
  }

  private static String brief(String text) {
    return Json.string(text.length() <= 80 ? text : text.substring(0, 80) + "…").toString();
  }

  /// A schema that is too much.
  private static final class Excess extends Exception {
    Excess(String what) {
      super(what, null, false, false);
    }
  }
}
