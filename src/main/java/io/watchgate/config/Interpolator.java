package io.watchgate.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Replaces the references in every text of a tree, once: what a reference brings in is not looked
/// at again. Keys are left alone. `$${env:NAME}` stands for the text `${env:NAME}` itself.
final class Interpolator {
  private static final long MAX_FILE_BYTES = 64 * 1024;

  /// `${env:NAME}`, `${env:NAME:-default}` and `${file:PATH}`.
  static final Pattern OWN =
      Pattern.compile("(?<escape>\\$)?\\$\\{(?<source>env|file):(?<rest>[^}]*)}");

  /// What MCP clients write: `${NAME}`, `${NAME:-default}` and the same after `env:`.
  static final Pattern CLIENTS =
      Pattern.compile(
          "(?<escape>\\$)?\\$\\{(?:(?<source>env):)?(?<rest>[A-Za-z_][A-Za-z0-9_]*(?::-[^}]*)?)}");

  private final Pattern references;
  private final Places places;
  private final Problems problems;

  Interpolator(Pattern references, Places places, Problems problems) {
    this.references = references;
    this.places = places;
    this.problems = problems;
  }

  Yaml replace(Yaml value, String path) {
    return switch (value) {
      case Yaml.Scalar scalar -> scalar(scalar, path);
      case Yaml.Sequence sequence -> {
        List<Yaml> items = new ArrayList<>();
        for (var item : sequence.items()) {
          items.add(replace(item, path + "[" + items.size() + "]"));
        }
        yield new Yaml.Sequence(List.copyOf(items), sequence.at());
      }
      case Yaml.Mapping mapping ->
          new Yaml.Mapping(
              mapping.entries().stream().map(entry -> entry(entry, path)).toList(), mapping.at());
    };
  }

  private Yaml.Entry entry(Yaml.Entry entry, String path) {
    var value = replace(entry.value(), YamlFrame.join(path, entry.key()));
    return new Yaml.Entry(entry.key(), entry.keyAt(), value);
  }

  private Yaml scalar(Yaml.Scalar scalar, String path) {
    if (scalar.kind() != Yaml.Kind.TEXT || !scalar.text().contains("${")) {
      return scalar;
    }
    var problemsBefore = problems.size();
    var text =
        references
            .matcher(scalar.text())
            .replaceAll(found -> Matcher.quoteReplacement(value(found, scalar, path)));
    var isResolved = problems.size() == problemsBefore;
    var changed = isResolved ? Yaml.Kind.REPLACED : Yaml.Kind.UNRESOLVED;
    var kind = isResolved && text.equals(scalar.text()) ? Yaml.Kind.TEXT : changed;
    return new Yaml.Scalar(kind, text, scalar.written(), scalar.at());
  }

  private String value(MatchResult found, Yaml.Scalar scalar, String path) {
    if (found.group("escape") != null) {
      return found.group().substring(1);
    }
    var rest = found.group("rest");
    return "file".equals(found.group("source"))
        ? file(rest, scalar, path)
        : variable(rest, found.group(), scalar, path);
  }

  private String variable(String rest, String whole, Yaml.Scalar scalar, String path) {
    var cut = rest.indexOf(":-");
    var name = cut < 0 ? rest : rest.substring(0, cut);
    var set = Optional.ofNullable(places.environment().get(name));
    if (cut >= 0) {
      // As in a shell, ":-" also replaces a variable that is set to nothing.
      return set.filter(text -> !text.isEmpty()).orElse(rest.substring(cut + 2));
    }
    if (set.isEmpty()) {
      var hint = "${env:" + name + ":-default}";
      problems.add(
          scalar.at(),
          path,
          whole + ": the environment variable " + name + " is not set (a default: " + hint + ")");
    }
    return set.orElse(whole);
  }

  private String file(String name, Yaml.Scalar scalar, String path) {
    var file = places.resolve(name);
    try {
      if (name.isBlank()) {
        throw new NoSuchFileException(name);
      } else if (Files.size(file) > MAX_FILE_BYTES) {
        throw new IOException("it is larger than " + MAX_FILE_BYTES + " bytes");
      }
      return Files.readString(file, StandardCharsets.UTF_8).stripTrailing();
    } catch (NoSuchFileException e) {
      problems.add(scalar.at(), path, "${file:" + name + "}: there is no file " + file);
    } catch (CharacterCodingException e) {
      problems.add(scalar.at(), path, "${file:" + name + "}: " + file + " is not UTF-8 text");
    } catch (IOException e) {
      problems.add(
          scalar.at(), path, "${file:" + name + "}: cannot read " + file + ": " + e.getMessage());
    }
    return "";
  }
}
