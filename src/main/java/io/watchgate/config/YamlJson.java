package io.watchgate.config;

import io.watchgate.jsonrpc.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Values of a file as JSON.
final class YamlJson {
  private YamlJson() {}

  static Json of(Yaml value) {
    return switch (value) {
      case Yaml.Scalar scalar -> scalar(scalar);
      case Yaml.Sequence sequence ->
          Json.array(sequence.items().stream().map(YamlJson::of).toList());
      case Yaml.Mapping mapping -> mapping(mapping);
    };
  }

  private static Json mapping(Yaml.Mapping mapping) {
    List<Object> members = new ArrayList<>();
    for (var entry : mapping.entries()) {
      members.add(entry.key());
      members.add(of(entry.value()));
    }
    return Json.object(members.toArray());
  }

  private static Json scalar(Yaml.Scalar scalar) {
    return switch (scalar.kind()) {
      case NULL -> Json.trusted("null");
      case BOOLEAN -> Json.trusted(scalar.text().strip().toLowerCase(Locale.ROOT));
      case INTEGER, NUMBER -> number(scalar);
      case TEXT, REPLACED, UNRESOLVED -> Json.string(scalar.text());
    };
  }

  /// YAML knows numbers that JSON does not: they are spelled as JSON does.
  private static Json number(Yaml.Scalar scalar) {
    var text = scalar.text().strip();
    if (text.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][-+]?\\d+)?")) {
      return Json.trusted(text);
    }
    var number = Scalars.number(scalar).filter(Double::isFinite);
    return number
        .map(value ->
            value == Math.rint(value) && Math.abs(value) < 1e15
                ? Json.trusted(Long.toString(value.longValue()))
                : Json.trusted(value.toString()))
        .orElse(Json.string(text)); // infinite, or no number at all
  }
}
