package io.watchgate.security.secrets;

import io.watchgate.jsonrpc.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// A YAML file with a list of rules.
final class RuleFile {
  private static final List<String> OURS =
      List.of("cloud.yaml", "code.yaml", "services.yaml", "names.yaml");
  private static final int MOST_CHARACTERS = 4 * 1024 * 1024;

  private RuleFile() {}

  /// The rules that the program brings along.
  static List<Rule> ours() {
    return Ours.RULES;
  }

  /// Read when they are first wanted: that takes a moment.
  private static final class Ours {
    static final List<Rule> RULES = read();
  }

  private static List<Rule> read() {
    var reader =
        new RuleReader(problem -> {
          throw new IllegalStateException(problem);
        });
    var rules = new ArrayList<Rule>();
    for (var name : OURS) {
      rules.addAll(reader.read(parse(resource(name))));
    }
    return List.copyOf(rules);
  }

  /// @throws YamlEngineException when the text is not YAML, with the line
  static Json parse(String yaml) {
    var settings = LoadSettings.builder().setCodePointLimit(MOST_CHARACTERS).build();
    return json(new Load(settings).loadFromString(yaml));
  }

  private static Json json(@Nullable Object value) {
    return switch (value) {
      case null -> Json.trusted("null");
      case List<?> list -> Json.array(list.stream().map(RuleFile::json).toList());
      case Map<?, ?> map ->
          Json.object(
              map.entrySet().stream()
                  .mapMulti((Map.Entry<?, ?> entry, Consumer<Object> out) -> {
                    out.accept(String.valueOf(entry.getKey()));
                    out.accept(json(entry.getValue()));
                  })
                  .toArray());
      case Number number -> Json.trusted(number.toString());
      case Boolean flag -> Json.trusted(flag.toString());
      default -> Json.string(value.toString());
    };
  }

  private static String resource(String name) {
    try (var in = RuleFile.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its file " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
