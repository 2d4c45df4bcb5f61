package io.watchgate.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Times, sizes and shares: a number with a unit.
final class Quantities {
  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h|d)");
  private static final String DURATION = "(\\d+(\\.\\d+)?(ms|s|m|h|d))+";
  private static final int LONGEST = 64;
  private static final Map<String, Long> MILLISECONDS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
  private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?) ?([A-Za-z]*)");
  private static final Map<String, Long> BYTES =
      Map.of(
          "",
          1L,
          "b",
          1L,
          "kb",
          1_000L,
          "mb",
          1_000_000L,
          "gb",
          1_000_000_000L, //
          "kib",
          1L << 10,
          "mib",
          1L << 20,
          "gib",
          1L << 30);
  private static final Pattern PERCENT = Pattern.compile("(\\d+(?:\\.\\d+)?) ?%");

  static final Type<Duration> WAIT = duration(Duration.ofMillis(1), Duration.ofDays(30));
  static final Type<Integer> COUNT = Scalars.integer(1, 1_000_000);
  static final Type<Integer> QUEUE = Scalars.integer(0, 1_000_000);

  private Quantities() {}

  /// `500ms`, `30s`, `1m30s`, `2h`, or a plain number of seconds.
  static Type<Duration> duration(Duration min, Duration max) {
    var words = "a duration from " + shown(min) + " to " + shown(max) + " such as 500ms, 30s or 5m";
    var seconds =
        Schemas.object(
            "type", "number", "minimum", min.toMillis() / 1e3, "maximum", max.toMillis() / 1e3);
    var text = Schemas.object("type", "string", "pattern", "^" + DURATION + "$");
    return Scalars.scalar(
        Schemas.object("anyOf", List.of(seconds, text)),
        place ->
            millis(place.value())
                .filter(n -> n >= min.toMillis() && n <= max.toMillis())
                .map(n -> Duration.ofMillis(Math.round(n)))
                .or(() -> Scalars.reject(place, words)));
  }

  private static Optional<Double> millis(Yaml value) {
    var seconds = Scalars.number(value);
    if (seconds.isPresent()) {
      return seconds.map(n -> n * 1000);
    }
    return Scalars.textOf(value).filter(Quantities::isDuration).map(Quantities::sum);
  }

  /// Short first, for matching a repeated group takes stack for every repeat.
  private static boolean isDuration(String text) {
    return text.length() <= LONGEST && text.matches(DURATION);
  }

  private static double sum(String text) {
    return PART.matcher(text)
        .results()
        .mapToDouble(part ->
            Double.parseDouble(part.group(1)) * MILLISECONDS.getOrDefault(part.group(2), 0L))
        .sum();
  }

  /// `16MiB`, `512KB`, or a plain number of bytes.
  static Type<Integer> size(int min, int max) {
    var words = "a size from " + min + " to " + max + " bytes such as 512KB or 16MiB";
    var bytes = Schemas.object("type", "integer", "minimum", min, "maximum", max);
    var pattern = "^\\d+(\\.\\d+)? ?([KkMmGg]?[Ii]?[Bb])?$";
    var text = Schemas.object("type", "string", "pattern", pattern);
    return Scalars.scalar(
        Schemas.object("anyOf", List.of(bytes, text)),
        place ->
            Scalars.written(place.value())
                .flatMap(Quantities::bytes)
                .filter(n -> n >= min && n <= max)
                .map(Double::intValue)
                .or(() -> Scalars.reject(place, words)));
  }

  private static Optional<Double> bytes(String text) {
    var matcher = SIZE.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var unit = Optional.ofNullable(BYTES.get(matcher.group(2).toLowerCase(Locale.ROOT)));
    return unit.map(factor -> Double.parseDouble(matcher.group(1)) * factor);
  }

  /// `20%`, or the same as a number from 0 to 1.
  static Type<Double> share() {
    var number = Schemas.object("type", "number", "minimum", 0, "maximum", 1);
    var text = Schemas.object("type", "string", "pattern", "^\\d+(\\.\\d+)? ?%$");
    return Scalars.scalar(
        Schemas.object("anyOf", List.of(number, text)),
        place ->
            fraction(place.value())
                .filter(n -> n >= 0 && n <= 1)
                .or(() -> Scalars.reject(place, "a share from 0% to 100%")));
  }

  private static Optional<Double> fraction(Yaml value) {
    var number = Scalars.number(value);
    if (number.isPresent()) {
      return number;
    }
    var matcher = PERCENT.matcher(Scalars.textOf(value).orElse("").strip());
    return matcher.matches()
        ? Optional.of(Double.parseDouble(matcher.group(1)) / 100)
        : Optional.empty();
  }

  /// A duration as a person writes it.
  static String shown(Duration duration) {
    var millis = duration.toMillis();
    return List.of("d", "h", "m", "s").stream()
        .filter(unit -> millis > 0 && millis % MILLISECONDS.getOrDefault(unit, 1L) == 0)
        .findFirst()
        .map(unit -> millis / MILLISECONDS.getOrDefault(unit, 1L) + unit)
        .orElse(millis + "ms");
  }
}
