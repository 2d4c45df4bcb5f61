package io.watchgate.security.secrets;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.watchgate.plugin.Options;
import io.watchgate.plugin.PluginFactory;
import io.watchgate.scanning.Hit;
import io.watchgate.security.Filter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Makes plugins that look for secrets.
public final class SecretsFactory implements PluginFactory {
  private static final String HANDLER = "secrets";
  private static final int LONGEST_WORD = 200;
  private static final double STANDARD_THRESHOLD = 5.0;
  private static final int STANDARD_LENGTH = 20;

  @Override
  public String handler() {
    return HANDLER;
  }

  @Override
  public Set<String> aliases() {
    return Set.of("basic_secrets_filter");
  }

  @Override
  public String description() {
    return "Takes passwords, keys and tokens out of messages, or holds the messages back.";
  }

  @Override
  public Maker read(Options options) {
    var policy = Filter.Policy.read(options);
    var rules = rules(options);
    var settings =
        new SecretDetector.Settings(disabled(options, rules), allow(options), entropy(options));
    return _ ->
        new Filter(
            HANDLER,
            policy,
            List.of(new SecretDetector(rules, settings)),
            SecretsFactory::placeholder);
  }

  /// Our rules and those of the user.
  private static List<Rule> rules(Options options) {
    var rules = new ArrayList<>(RuleFile.ours());
    options
        .json("rules")
        .ifPresent(list ->
            rules.addAll(new RuleReader(problem -> options.problem("rules", problem)).read(list)));
    options.path("rules_file").ifPresent(file -> rules.addAll(rulesOf(file, options)));
    return rules;
  }

  private static List<Rule> rulesOf(Path file, Options options) {
    try {
      var yaml = Files.readString(file);
      return new RuleReader(problem -> options.problem("rules_file", file + ": " + problem))
          .read(RuleFile.parse(yaml));
    } catch (IOException e) {
      options.problem("rules_file", "cannot be read: " + e);
    } catch (YamlEngineException e) {
      options.problem("rules_file", "is not YAML: " + e.getMessage());
    }
    return List.of();
  }

  private static Set<String> disabled(Options options, List<Rule> rules) {
    var types = SecretDetector.types(rules);
    var disabled = new HashSet<String>();
    options
        .sections("secret_types")
        .forEach((type, section) -> {
          if (!section.flag("enabled", true)) {
            disabled.add(type);
          }
          if (!types.contains(type)) {
            section.problem("enabled", "no secrets are of the type " + type);
          }
        });
    return disabled;
  }

  private static List<Pattern> allow(Options options) {
    var patterns = new ArrayList<Pattern>();
    for (var text : options.texts("allow")) {
      try {
        patterns.add(Pattern.compile(text));
      } catch (PatternSyntaxException e) {
        options.problem("allow", "not a regular expression of RE2: " + e.getMessage());
      }
    }
    return patterns;
  }

  private static Optional<EntropySearch> entropy(Options options) {
    return options
        .section("entropy_detection")
        .flatMap(section -> {
          boolean enabled = section.flag("enabled", false);
          double threshold = section.number("threshold", 1, 6, STANDARD_THRESHOLD);
          int length = section.integer("min_length", 10, LONGEST_WORD, STANDARD_LENGTH);
          return enabled ? Optional.of(new EntropySearch(threshold, length)) : Optional.empty();
        });
  }

  private static String placeholder(Hit hit) {
    return "[SECRET REDACTED by Watchgate: " + hit.type() + "]";
  }
}
