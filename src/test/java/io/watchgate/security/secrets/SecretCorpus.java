package io.watchgate.security.secrets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// Texts with secrets of every family in every carrier, drawn from a seed.
final class SecretCorpus {
  private SecretCorpus() {}

  /// A text with a secret in it.
  record Sample(String family, String text, int start, int end) {}

  /// How a secret of one family is drawn, and what its value is called.
  private record Family(String name, String key, String template) {
    boolean isNamed() {
      return !key.equals("-");
    }
  }

  /// Takes a name and a value to a text.
  private interface Carrier extends BiFunction<String, String, String> {}

  /// Where the name says what the value is.
  private static final List<Carrier> NAMED =
      List.of(
          (name, value) -> "# settings\nDEBUG=1\n" + name + "=" + value + "\nPORT=8080\n",
          (name, value) -> "export " + name + "=\"" + value + "\"",
          (name, value) -> "{\"id\": 7, \"" + name + "\": \"" + value + "\", \"ok\": true}",
          (name, value) -> "env:\n  - name: x\n  " + lower(name) + ": " + value + "\n",
          (name, value) -> "const " + camel(name) + " = '" + value + "';",
          (name, value) -> "settings[\"" + lower(name) + "\"] = \"" + value + "\"",
          (name, value) ->
              "2026-01-02T03:04:05Z WARN retry with " + name + "=" + value + " failed");

  private static final List<Carrier> FREE =
      List.of(
          (_, value) -> "GET /v1/items?limit=5&access_token=" + value + "&page=2 HTTP/1.1",
          (_, value) -> "Authorization: Bearer " + value + "\r\nAccept: */*\r\n",
          (_, value) -> "Please use " + value + " for the upload, it works until Friday.",
          (_, value) -> "client = Client(\"" + value + "\")",
          (_, value) -> "[info] connected with token " + value + " to eu-west-1");

  private static final List<Carrier> HELD_NAMED =
      List.of(
          (name, value) -> "run --" + lower(name).replace('_', '-') + " " + value + " --fast",
          (name, value) -> "<" + lower(name) + ">" + value + "</" + lower(name) + ">",
          (name, value) -> "[service]\n" + lower(name) + " = \"" + value + "\"\n",
          (name, value) -> "FROM alpine\nENV " + name + " " + value + "\nRUN true\n",
          (name, value) -> "+  \\\"" + name + "\\\": \\\"" + value + "\\\",",
          (name, value) -> "dict(host='db', " + lower(name) + "='" + value + "')",
          (name, value) -> "let k = process.env." + name + " || \"" + value + "\";");

  private static final List<Carrier> HELD_FREE =
      List.of(
          (_, value) -> "curl -H \"X-Api-Key: " + value + "\" https://api.acme.io/v2/items",
          (_, value) -> "| key | `" + value + "` | rotated in May |",
          (_, value) -> "The credential (" + value + ") leaked.",
          (_, value) -> "line one\\n" + value + "\\nline three",
          (_, value) -> "<li><code>" + value + "</code></li>");

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static String camel(String name) {
    var text = new StringBuilder();
    for (var word : lower(name).split("_+", -1)) {
      text.append(
          text.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return text.toString();
  }

  /// What rules were tuned with.
  static List<Sample> open() {
    return draw(20_260_101, NAMED, FREE);
  }

  /// What they were not tuned with: other seeds and other carriers.
  static List<Sample> heldBack() {
    return draw(77_000_003, HELD_NAMED, HELD_FREE);
  }

  private static List<Sample> draw(long seed, List<Carrier> named, List<Carrier> free) {
    var samples = new ArrayList<Sample>();
    for (var family : families()) {
      var tokens = new Tokens(new Dice(seed + family.name().hashCode()));
      var carriers = new ArrayList<>(named);
      if (!family.isNamed()) {
        carriers.addAll(free);
      }
      for (var carrier : carriers) {
        samples.add(sample(family, tokens.draw(family.template()), carrier));
      }
    }
    return samples;
  }

  /// A template that carries its secret itself marks it by braces, and is no value of a name.
  private static Sample sample(Family family, String drawn, Carrier carrier) {
    if (!family.template().contains("{")) {
      var text = carrier.apply(family.isNamed() ? family.key() : "SERVICE_TOKEN", drawn);
      int start = text.indexOf(drawn);
      return new Sample(family.name(), text, start, start + drawn.length());
    }
    int open = family.name().equals("docker_auth") ? drawn.lastIndexOf('{') : drawn.indexOf('{');
    var secret = drawn.substring(open + 1, drawn.indexOf('}', open));
    var plain = drawn.replace("{" + secret + "}", secret);
    var text = "config:\n" + plain + "\n";
    int start = text.indexOf(secret);
    return new Sample(family.name(), text, start, start + secret.length());
  }

  private static List<Family> families() {
    return lines("families.txt").map(SecretCorpus::family).toList();
  }

  /// The lines of a file that are no remarks.
  static Stream<String> lines(String file) {
    try (var in = SecretCorpus.class.getResourceAsStream(file)) {
      var bytes = Objects.requireNonNull(in, file).readAllBytes();
      var text = new String(bytes, StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.startsWith("#"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Family family(String line) {
    var parts = line.split("\\|", 3);
    return new Family(parts[0], parts[1], parts[2]);
  }
}
