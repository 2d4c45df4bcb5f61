package io.watchgate.security.secrets;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The values of the names that keywords were found in, each judged once by all rules whose
/// keywords are in its name, then by the name alone.
final class Values {
  private static final int MOST_RULES = 8;

  private final Sweep sweep;
  private final List<Rule> rules = new ArrayList<>();
  private @Nullable Assignment current;
  private int nameEnd;

  Values(Sweep sweep) {
    this.sweep = sweep;
  }

  /// Notes that a keyword is in a name.
  void keyword(int start, int end) {
    if (end > nameEnd || (current != null && start < current.nameStart())) {
      flush();
      current = Assignment.around(sweep.text(), start, end);
      nameEnd = current == null ? end : current.nameEnd();
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
    for (var rule : rules) {
      var matcher = rule.regex().matcher(value);
      if (value.length() <= rule.reach() && matcher.matches()) {
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
      case OTHER -> assignment.form() != Assignment.Form.PROSE;
      case OPEN -> false;
    };
  }
}
