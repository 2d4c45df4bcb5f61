package io.watchgate.mcp;

import io.watchgate.jsonrpc.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The arguments of a tool that `Mcp-Param-*` headers repeat, so that what stands between client
/// and server can act on them without reading the body: those whose schema is annotated with
/// `x-mcp-header` (2026-07-28, streamable HTTP, "Custom Headers from Tool Parameters").
public final class MirroredArguments {
  /// What the name of a header starts with.
  public static final String HEADER_PREFIX = "Mcp-Param-";

  /// Of a tool without annotations, as nearly all are.
  public static final MirroredArguments NONE = new MirroredArguments(List.of());

  private static final String ANNOTATION = "x-mcp-header";
  private static final Set<String> TYPES = Set.of("string", "integer", "boolean");
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern NUMBER =
      Pattern.compile("-?\\d{1,40}(\\.\\d{1,40})?([eE][+-]?\\d{1,2})?");

  /// Keywords of JSON Schema whose value is a schema or several.
  private static final Set<String> SCHEMAS =
      Set.of(
          "items",
          "prefixItems",
          "additionalItems",
          "unevaluatedItems",
          "contains",
          "additionalProperties",
          "unevaluatedProperties",
          "propertyNames",
          "contentSchema",
          "not",
          "if",
          "then",
          "else",
          "allOf",
          "anyOf",
          "oneOf");

  /// Keywords whose value has schemas by name.
  private static final Set<String> NAMED_SCHEMAS =
      Set.of("$defs", "definitions", "patternProperties", "dependentSchemas", "dependencies");

  private final List<Argument> arguments;

  /// An argument and the header that repeats it.
  ///
  /// @param path the keys that lead to it from the arguments' root
  /// @param name what follows the prefix in the header's name
  private record Argument(List<String> path, String name) {
    String header() {
      return HEADER_PREFIX + name;
    }

    String place() {
      return "arguments." + String.join(".", path);
    }

    /// The value, empty where there is none that a header could repeat.
    Optional<Json> in(Json arguments) {
      var value = Optional.of(arguments);
      for (var key : path) {
        value = value.flatMap(object -> object.member(key));
      }
      return value.filter(found -> !found.isNull() && !found.isObject() && !found.isArray());
    }
  }

  private MirroredArguments(List<Argument> arguments) {
    this.arguments = List.copyOf(arguments);
  }

  /// What an entry of a list of tools says.
  ///
  /// @throws IllegalAnnotation when the tool must not be used for it
  public static MirroredArguments of(Json tool) throws IllegalAnnotation {
    var spelling = tool.toString();
    if (!spelling.contains(ANNOTATION) && !spelling.contains("\\u")) {
      return NONE;
    }
    var found = new ArrayList<Argument>();
    var schema = tool.member("inputSchema");
    if (schema.isPresent()) {
      gather(schema.get(), List.of(), found);
    }
    return found.isEmpty() ? NONE : new MirroredArguments(found);
  }

  /// Gathers annotations of what a chain of `properties` leads to.
  private static void gather(Json schema, List<String> path, List<Argument> found)
      throws IllegalAnnotation {
    for (var member : schema.members()) {
      if (member.key().equals(ANNOTATION)) {
        found.add(annotated(schema, member.value(), path, found));
      } else if (member.key().equals("properties")) {
        for (var property : member.value().members()) {
          var deeper = new ArrayList<>(path);
          deeper.add(property.key());
          gather(property.value(), deeper, found);
        }
      } else {
        refuseWithin(member, path);
      }
    }
  }

  private static Argument annotated(
      Json schema, Json annotation, List<String> path, List<Argument> found)
      throws IllegalAnnotation {
    var place = path.isEmpty() ? "the root" : String.join(".", path);
    if (path.isEmpty()) {
      throw new IllegalAnnotation(place, "is no property");
    }
    if (!annotation.isString() || !TOKEN.matcher(annotation.text()).matches()) {
      throw new IllegalAnnotation(place, "has no name that a header can have: " + annotation);
    }
    var type = schema.textMember("type");
    if (type.filter(TYPES::contains).isEmpty()) {
      throw new IllegalAnnotation(place, "is of no type that a header can carry");
    }
    var name = annotation.text();
    if (found.stream().anyMatch(other -> other.name.equalsIgnoreCase(name))) {
      throw new IllegalAnnotation(place, "has the name of another: " + name);
    }
    return new Argument(path, name);
  }

  /// An annotation behind anything but `properties` leads to no one argument.
  private static void refuseWithin(Json.Member keyword, List<String> path)
      throws IllegalAnnotation {
    if (SCHEMAS.contains(keyword.key())) {
      refuseBelow(keyword.value(), keyword.key(), path);
      for (var schema : keyword.value().elements()) {
        refuseBelow(schema, keyword.key(), path);
      }
    } else if (NAMED_SCHEMAS.contains(keyword.key())) {
      for (var named : keyword.value().members()) {
        refuseBelow(named.value(), keyword.key(), path);
      }
    }
  }

  private static void refuseBelow(Json schema, String keyword, List<String> path)
      throws IllegalAnnotation {
    var within = new ArrayList<>(path);
    within.add(keyword);
    for (var member : schema.members()) {
      if (member.key().equals(ANNOTATION)) {
        throw new IllegalAnnotation(
            String.join(".", within), "is reached by no chain of properties");
      } else if (member.key().equals("properties")) {
        for (var property : member.value().members()) {
          refuseBelow(property.value(), property.key(), within);
        }
      } else {
        refuseWithin(member, within);
      }
    }
  }

  public boolean isEmpty() {
    return arguments.isEmpty();
  }

  /// The headers that repeat these arguments, by their whole names.
  public Map<String, String> headers(Json given) {
    var headers = new LinkedHashMap<String, String>();
    for (var argument : arguments) {
      argument
          .in(given)
          .ifPresent(value -> headers.put(argument.header(), HeaderValue.encode(text(value))));
    }
    return headers;
  }

  private static String text(Json value) {
    if (value.isString()) {
      return value.text();
    }
    return number(value.toString())
        .filter(number -> number.stripTrailingZeros().scale() <= 0)
        .map(number -> number.toBigInteger().toString())
        .orElseGet(value::toString);
  }

  private static Optional<BigDecimal> number(String text) {
    return NUMBER.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
  }

  /// Where headers say something else than the arguments, in words.
  ///
  /// @param headers the values by what follows the prefix in the header's name, in lower case
  public Optional<String> mismatch(Json given, Map<String, String> headers) {
    return arguments.stream()
        .flatMap(argument ->
            mismatch(
                argument,
                argument.in(given),
                Optional.ofNullable(headers.get(argument.name.toLowerCase(Locale.ROOT))))
                .stream())
        .findFirst();
  }

  private static Optional<String> mismatch(
      Argument argument, Optional<Json> value, Optional<String> header) {
    if (header.isEmpty()) {
      return value.map(_ ->
          "header %s is missing, but %s is there".formatted(argument.header(), argument.place()));
    }
    var decoded = header.flatMap(HeaderValue::decode);
    if (decoded.isEmpty()) {
      return Optional.of("header %s cannot be decoded".formatted(argument.header()));
    }
    return value.filter(found -> says(found, decoded.get())).isPresent()
        ? Optional.empty()
        : Optional.of("header %s does not match %s".formatted(argument.header(), argument.place()));
  }

  private static boolean says(Json value, String header) {
    if (value.isString()) {
      return value.text().equals(header);
    }
    var wanted = number(value.toString());
    return wanted.isPresent()
        ? number(header).filter(number -> number.compareTo(wanted.get()) == 0).isPresent()
        : value.toString().equals(header);
  }

  /// Why a tool's annotations are against the rules.
  public static final class IllegalAnnotation extends Exception {
    IllegalAnnotation(String place, String what) {
      super(
          "%s in its input schema at %s: it %s".formatted(ANNOTATION, place, what),
          null,
          false,
          false);
    }
  }
}
