package io.watchgate.security.secrets;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.watchgate.jsonrpc.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads rules, ours and those of users. A rule that cannot be read is reported and left out.
final class RuleReader {
  private static final Set<String> KEYS =
      Set.of(
          "id",
          "description",
          "type",
          "prefixes",
          "names",
          "keywords",
          "before",
          "regex",
          "length",
          "entropy",
          "checks",
          "checksum",
          "stop_words",
          "allow");
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]*");
  private static final int[] STANDARD_LENGTH = {8, 220};
  private static final int LONGEST = 20_000;
  private static final double STANDARD_ENTROPY = 2.0;
  private static final int MOST_ENTROPY = 8;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");

  private final Consumer<String> problems;
  private final Set<String> ids = new HashSet<>();

  /// @param problems hears of every problem, in a sentence that names the rule
  RuleReader(Consumer<String> problems) {
    this.problems = problems;
  }

  List<Rule> read(Json list) {
    if (!list.isArray()) {
      problems.accept("a list of rules is expected");
    }
    var rules = new ArrayList<Rule>();
    int number = 0;
    for (var rule : list.elements()) {
      var id = rule.textMember("id").orElse("");
      new One(rule, "rule " + ++number + (id.isEmpty() ? "" : " (" + id + ")"))
          .read(id)
          .ifPresent(rules::add);
    }
    return rules;
  }

  /// The reading of one rule.
  private final class One {
    private final Json json;
    private final String where;
    private boolean broken;

    One(Json json, String where) {
      this.json = json;
      this.where = where;
    }

    Optional<Rule> read(String id) {
      json.members().stream()
          .map(Json.Member::key)
          .filter(key -> !KEYS.contains(key))
          .forEach(key -> problem(key + " is not known (known: " + sorted(KEYS) + ")"));
      if (!ID.matches(id) || !ids.add(id)) {
        problem("id is missing, not in kebab-case, or used twice");
      }
      var place = place();
      if (json.textMember("regex").isEmpty()) {
        problem("regex is missing");
      }
      var regex = pattern(anchored(json.textMember("regex").orElse(""), place));
      var rule = regex.map(pattern -> rule(id, place, pattern));
      return broken ? Optional.empty() : rule;
    }

    private Rule rule(String id, Rule.Place place, Pattern regex) {
      var length = range("length", STANDARD_LENGTH);
      return new Rule(
          id,
          json.textMember("type").orElse(id.replace('-', '_')),
          keywords(),
          place,
          regex,
          length[0],
          length[1],
          entropy(),
          texts("checks").flatMap(name -> check(name).stream()).collect(Collectors.toSet()),
          json.textMember("checksum").flatMap(this::check),
          texts("stop_words").map(word -> word.toLowerCase(Locale.ROOT)).toList(),
          texts("allow").flatMap(text -> pattern(text).stream()).toList());
    }

    private List<String> keywords() {
      var keywords =
          Stream.of(
                  texts("prefixes"),
                  texts("keywords"),
                  texts("names").flatMap(RuleReader::spellings))
              .flatMap(words -> words)
              .distinct()
              .toList();
      long kinds =
          Stream.of("prefixes", "names", "keywords")
              .filter(k -> json.member(k).isPresent())
              .count();
      if (kinds != 1 || keywords.isEmpty()) {
        problem("one of prefixes, names and keywords is expected, a list of texts");
      }
      if (!keywords.stream().allMatch(word -> word.length() > 1 && isAscii(word))) {
        problem("keywords of at least two ASCII characters are expected");
      }
      return keywords;
    }

    private Rule.Place place() {
      if (json.member("prefixes").isPresent()) {
        return new Rule.Place.Start();
      }
      if (json.member("names").isPresent()) {
        return new Rule.Place.Value();
      }
      if (json.member("before").isEmpty()) {
        return new Rule.Place.Near();
      }
      var before = range("before", STANDARD_LENGTH);
      return new Rule.Place.Before(before[0], before[1]);
    }

    /// Two numbers, the least and the most.
    private int[] range(String key, int[] standard) {
      var ends = json.member(key).map(Json::elements).orElse(List.of());
      if (json.member(key).isEmpty()) {
        return standard;
      }
      if (ends.size() == 2 && ends.stream().allMatch(end -> NUMBER.matches(end.toString()))) {
        int least = Integer.parseInt(ends.getFirst().toString());
        int most = Integer.parseInt(ends.getLast().toString());
        if (least <= most && most <= LONGEST) {
          return new int[] {least, most};
        }
      }
      problem(key + ": the least and the most are expected, up to " + LONGEST + ": [20, 40]");
      return standard;
    }

    /// Only what is anchored by itself ends early when it does not match.
    private static String anchored(String regex, Rule.Place place) {
      return switch (place) {
        case Rule.Place.Near _ -> regex;
        case Rule.Place.Start _, Rule.Place.Before _ -> "^(?:" + regex + ")";
        case Rule.Place.Value _ -> "^(?:" + regex + ")$";
      };
    }

    private Optional<Pattern> pattern(String regex) {
      try {
        return Optional.of(Pattern.compile(regex));
      } catch (PatternSyntaxException e) {
        problem("not a regular expression of RE2: " + e.getMessage());
        return Optional.empty();
      }
    }

    private Optional<Check> check(String name) {
      var check = Check.named(name);
      if (check.isEmpty()) {
        problem("check " + name + " is not known (known: " + sorted(Check.names()) + ")");
      }
      return check;
    }

    private double entropy() {
      var value = json.member("entropy");
      if (value.isEmpty()) {
        return STANDARD_ENTROPY;
      }
      double bits = value.get().isNumber() ? Double.parseDouble(value.get().toString()) : -1;
      if (bits < 0 || bits > MOST_ENTROPY) {
        problem("entropy: a number of bits from 0 to " + MOST_ENTROPY + " is expected");
      }
      return bits;
    }

    private Stream<String> texts(String key) {
      var values = json.member(key).map(Json::elements).orElse(List.of());
      if (json.member(key).filter(value -> !value.isArray()).isPresent()
          || !values.stream().allMatch(Json::isString)) {
        problem(key + ": a list of texts is expected");
        return Stream.empty();
      }
      return values.stream().map(Json::text);
    }

    private void problem(String what) {
      broken = true;
      problems.accept(where + ": " + what);
    }
  }

  /// `api_key` is written `api-key`, `api.key` and `apiKey`, too.
  private static Stream<String> spellings(String name) {
    return name.endsWith("_")
        ? Stream.of(name)
        : Stream.of("_", "-", ".", "").map(part -> name.replace("_", part));
  }

  private static boolean isAscii(String word) {
    return word.chars().allMatch(c -> c < 128);
  }

  private static String sorted(Set<String> words) {
    return String.join(", ", words.stream().sorted().toList());
  }
}
