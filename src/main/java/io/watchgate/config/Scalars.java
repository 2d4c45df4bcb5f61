package io.watchgate.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Values that are one word or number.
final class Scalars {
  private static final Map<String, Boolean> FLAGS =
      Map.of("true", true, "false", false, "yes", true, "no", false, "on", true, "off", false);

  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?");

  private Scalars() {}

  static Type<String> text() {
    return scalar(
        Schemas.object("type", "string", "minLength", 1),
        place ->
            textOf(place.value())
                .filter(text -> !text.isBlank())
                .or(() -> reject(place, "a text that is not empty")));
  }

  /// A text that matches a whole pattern, said in words.
  static Type<String> matching(String pattern, String words) {
    var compiled = Pattern.compile(pattern);
    return scalar(
        Schemas.object("type", "string", "pattern", "^(" + pattern + ")$"),
        place ->
            textOf(place.value())
                .filter(text -> compiled.matcher(text).matches())
                .or(() -> reject(place, words)));
  }

  static Type<String> anyText() {
    return scalar(
        Map.of("type", "string"), place -> textOf(place.value()).or(() -> reject(place, "a text")));
  }

  static Type<Integer> integer(int min, int max) {
    return scalar(
        Schemas.object("type", "integer", "minimum", min, "maximum", max),
        place ->
            number(place.value())
                .filter(n -> n == Math.rint(n) && n >= min && n <= max)
                .map(Double::intValue)
                .or(() -> reject(place, "a whole number from " + min + " to " + max)));
  }

  static Type<Double> number(double min, double max) {
    return scalar(
        Schemas.object("type", "number", "minimum", min, "maximum", max),
        place ->
            number(place.value())
                .filter(n -> n >= min && n <= max)
                .or(() -> reject(place, "a number from " + plain(min) + " to " + plain(max))));
  }

  /// `true` or `false`, and the words that YAML 1.1 took for them.
  static Type<Boolean> flag() {
    var names = FLAGS.keySet().stream().sorted();
    var words = names.map(Scalars::anyCase).collect(Collectors.joining("|", "^(", ")$"));
    var word = Schemas.object("type", "string", "pattern", words);
    var schema = Schemas.object("anyOf", List.of(Map.of("type", "boolean"), word));
    return scalar(
        schema,
        place ->
            written(place.value())
                .flatMap(text -> Optional.ofNullable(FLAGS.get(text.toLowerCase(Locale.ROOT))))
                .or(() -> reject(place, "true or false")));
  }

  /// One of some words; upper and lower case do not matter.
  static <T> Type<T> choice(Map<String, T> options) {
    var names = List.copyOf(options.keySet());
    var pattern = names.stream().map(Scalars::anyCase).collect(Collectors.joining("|", "^(", ")$"));
    return scalar(
        Schemas.object("type", "string", "pattern", pattern, "examples", names),
        place -> {
          var written = textOf(place.value()).orElse("");
          var found = names.stream().filter(name -> name.equalsIgnoreCase(written)).findFirst();
          if (found.isEmpty()) {
            var message = "expected one of " + String.join(", ", names) + ", not ";
            place.problem(message + place.value().described(), shown(place), names);
          }
          return found.flatMap(name -> Optional.ofNullable(options.get(name)));
        });
  }

  /// Options in the order they are to be listed: name, value, name, value.
  @SafeVarargs
  static <T> Map<String, T> options(Map.Entry<String, T>... entries) {
    Map<String, T> options = new LinkedHashMap<>();
    for (var entry : entries) {
      options.put(entry.getKey(), entry.getValue());
    }
    return options;
  }

  /// What a scalar is as a text; numbers are not texts.
  static Optional<String> textOf(Yaml value) {
    return value instanceof Yaml.Scalar scalar
            && (scalar.kind() == Yaml.Kind.TEXT || scalar.kind() == Yaml.Kind.REPLACED)
        ? Optional.of(scalar.text())
        : Optional.empty();
  }

  /// The characters of any scalar.
  static Optional<String> written(Yaml value) {
    return value instanceof Yaml.Scalar scalar ? Optional.of(scalar.text()) : Optional.empty();
  }

  /// A number, also one that a reference brought in.
  static Optional<Double> number(Yaml value) {
    if (!(value instanceof Yaml.Scalar scalar)) {
      return Optional.empty();
    }
    var text = scalar.text().strip();
    return switch (scalar.kind()) {
      case INTEGER, NUMBER, REPLACED -> parse(text);
      case TEXT, BOOLEAN, NULL, UNRESOLVED -> Optional.empty();
    };
  }

  private static Optional<Double> parse(String text) {
    try {
      if (text.startsWith("0x") || text.startsWith("0o")) {
        return Optional.of(
            (double) Long.parseLong(text.substring(2), text.charAt(1) == 'x' ? 16 : 8));
      }
      // Java's own parser takes "5d" for the number 5, which is five days here.
      return Optional.of(text).filter(t -> DECIMAL.matcher(t).matches()).map(Double::valueOf);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  static <T> Optional<T> reject(Place place, String expected) {
    var remedy = "";
    if (place.value() instanceof Yaml.Scalar scalar && isUnquoted(scalar, expected)) {
      remedy = " (quote it: \"" + scalar.written() + "\")";
    }
    place.problem("expected " + expected + ", not " + place.value().described() + remedy);
    return Optional.empty();
  }

  private static boolean isUnquoted(Yaml.Scalar scalar, String expected) {
    return expected.startsWith("a text")
        && switch (scalar.kind()) {
          case INTEGER, NUMBER, BOOLEAN -> true;
          case TEXT, NULL, REPLACED, UNRESOLVED -> false;
        };
  }

  static <T> Type<T> scalar(Map<String, Object> schema, Function<Place, Optional<T>> reader) {
    return new Type<>() {
      @Override
      public Optional<T> read(Place place) {
        return reader.apply(place);
      }

      @Override
      public Map<String, Object> schema() {
        return schema;
      }
    };
  }

  private static String shown(Place place) {
    return place.value() instanceof Yaml.Scalar scalar ? scalar.written() : "";
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  /// A pattern for a word in any case, for JSON Schema has no flag for that.
  private static String anyCase(String word) {
    return word.chars()
        .mapToObj(c -> Character.isLetter(c) ? bothCases(c) : Character.toString(c))
        .collect(Collectors.joining());
  }

  private static String bothCases(int letter) {
    return "["
        + Character.toString(Character.toUpperCase(letter))
        + Character.toString(Character.toLowerCase(letter))
        + "]";
  }
}
