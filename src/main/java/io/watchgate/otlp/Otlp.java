package io.watchgate.otlp;

import io.watchgate.jsonrpc.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The parts that all requests of OTLP have in common, in its JSON: 64-bit numbers are strings, ids
/// are hexadecimal.
public final class Otlp {
  private Otlp() {}

  /// Who sends, as `resource`.
  ///
  /// @param instance tells this process from all others
  public static Json resource(String version, String instance) {
    var attributes =
        Map.<String, Object>of(
            "service.name", "watchgate",
            "service.version", version,
            "service.instance.id", instance);
    return Json.object("attributes", attributes(attributes));
  }

  /// What made it, as `scope`.
  public static Json scope(String version) {
    return Json.object("name", "io.watchgate", "version", version);
  }

  /// Names and their values: whole numbers, other numbers, booleans, lists, and text for the rest.
  public static Json attributes(Map<String, ?> values) {
    return Json.array(
        values.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(one -> Json.object("key", one.getKey(), "value", value(one.getValue())))
            .toList());
  }

  /// One value, as `AnyValue`.
  public static Json value(Object value) {
    return switch (value) {
      case Boolean flag -> Json.object("boolValue", flag);
      case Integer number -> Json.object("intValue", number.toString());
      case Long number -> Json.object("intValue", number.toString());
      case Double number -> Json.object("doubleValue", number(number));
      case List<?> all ->
          Json.object(
              "arrayValue",
              Json.object("values", Json.array(all.stream().map(Otlp::value).toList())));
      default -> Json.object("stringValue", value.toString());
    };
  }

  /// A number that may be none, which JSON cannot say without quotes.
  public static Json number(double value) {
    return Double.isFinite(value) ? Json.trusted(Double.toString(value)) : Json.string(text(value));
  }

  private static String text(double value) {
    return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  }

  /// Nanoseconds since 1970.
  public static Json time(Instant instant) {
    long nanos = TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    return whole(nanos);
  }

  /// A number of 64 bits.
  public static Json whole(long number) {
    return Json.string(Long.toString(number));
  }
}
