package io.watchgate.security.secrets;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The values of the names that keywords were found in, each judged once by all rules whose
/// keywords are in its name, then by the name alone.
final class Values {
  private static final int MOST_RULES = 8;
  private static final int SHORTEST = 5;

  private final Sweep sweep;
  private final AssignmentReader reader;
  private final List<Rule> rules = new ArrayList<>();
  private @Nullable Assignment current;
  private int nameEnd; // behind the last name, with what cannot be one

  Values(Sweep sweep) {
    this.sweep = sweep;
    this.reader = new AssignmentReader(sweep.text());
  }

  /// Notes that a keyword is in a name.
  void keyword(int start, int end) {
    if (end > nameEnd) {
      flush();
      nameEnd = reader.nameEnd(end);
      current = reader.read(start, nameEnd);
      if (current != null && current.isLongAndBare()) {
        nameEnd = current.end();
      }
    }
  }

  /// Takes the value as it is, without reading.
  void assigned(Assignment assignment) {
    current = assignment;
  }

  /// Notes that the keyword that was noted last is one of a rule.
  void rule(Rule rule) {
    if (current != null && rules.size() < MOST_RULES) {
      rules.add(rule);
    }
  }

  /// Judges the value that was read last.
  void flush() {
    if (current != null) {
      judge(current);
    }
    current = null;
    rules.clear();
  }

  private void judge(Assignment assignment) {
    var value = assignment.value();
    if (value.length() < SHORTEST
        || Plausibility.isWord(assignment.form(), value)
        || Placeholders.isPlaceholder(value)) {
      return;
    }
    for (var rule : rules) {
      if (value.length() < rule.least() || value.length() > rule.most()) {
        continue;
      }
      var matcher = rule.regex().matcher(value);
      if (matcher.matches()) {
        int group = matcher.groupCount() > 0 ? 1 : 0;
        var secret = matcher.group(group);
        if (secret != null && mayBeSecret(assignment) && rule.accepts(secret)) {
          int start = assignment.start() + matcher.start(group);
          sweep.found(rule.type(), start, start + secret.length(), rule.score(secret));
          return;
        }
      }
    }
    double score = Plausibility.score(assignment);
    if (score > 0) {
      sweep.found("generic_secrets", assignment.start(), assignment.end(), score);
    }
  }

  private static boolean mayBeSecret(Assignment assignment) {
    return switch (Names.kind(assignment.name())) {
      case PASSWORD, SECRET -> true;
      case KEY, OTHER -> assignment.form() != Assignment.Form.PROSE;
      case OPEN -> false;
    };
  }
}
