package io.watchgate.security.secrets;

import com.google.re2j.Matcher;

/// Tries the regular expression of one rule at the place that the rule says.
final class RuleProbe implements Probe {
  private static final int BEHIND = 100;
  private static final int LINE = 32;

  private final Rule rule;
  private final String keyword;
  private final boolean isPlain;
  private final String glue;

  RuleProbe(Rule rule, String keyword) {
    this.rule = rule;
    this.keyword = keyword;
    this.glue = keyword.contains("-") ? "_-" : keyword.endsWith(".") ? "_." : "_";
    this.isPlain = keyword.chars().allMatch(Character::isLetterOrDigit);
  }

  @Override
  public void at(Sweep sweep, int start, int end) {
    switch (rule.place()) {
      case Rule.Place.Start _ -> tryStart(sweep, start);
      case Rule.Place.Before before -> tryBefore(sweep, start, before);
      case Rule.Place.Near _ -> tryNear(sweep, start, end);
      case Rule.Place.Value _ -> {
        sweep.values().keyword(start, end);
        sweep.values().rule(rule);
      }
    }
  }

  @Override
  public void named(Sweep sweep, Assignment assignment) {
    if (rule.place() instanceof Rule.Place.Value) {
      sweep.values().assigned(assignment);
      sweep.values().rule(rule);
    }
  }

  private void tryStart(Sweep sweep, int start) {
    var text = sweep.text();
    if (text.startsWith(keyword, start)
        && (!isWord(keyword.charAt(0)) || Sweep.beginsAt(text, start, glue))
        && !isInBase64(text, start)
        && sweep.runEnd(start + keyword.length()) >= start + rule.least()) {
      tryAt(sweep, start);
    }
  }

  /// Whether the keyword may have come up by chance in a long text of base64.
  private boolean isInBase64(String text, int start) {
    if (!isPlain || start == 0) {
      return false;
    }
    char before = text.charAt(start - 1);
    return before == '/' || before == '+' || (before == '\n' && isLineOfBase64(text, start - 1));
  }

  private static boolean isLineOfBase64(String text, int end) {
    int last = end > 0 && text.charAt(end - 1) == '\r' ? end - 1 : end;
    int first = last - LINE;
    for (int i = Math.max(0, first); i < last; i++) {
      if (!Character.isLetterOrDigit(text.charAt(i)) && "/+".indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return first >= 0;
  }

  private void tryBefore(Sweep sweep, int start, Rule.Place.Before before) {
    var text = sweep.text();
    int first = start;
    while (first > 0 && start - first <= before.most() + 1 && isWord(text.charAt(first - 1))) {
      first--;
    }
    if (first > 1 && text.charAt(first - 1) == '\\' && "nrt".indexOf(text.charAt(first)) >= 0) {
      first++;
    }
    if (start - first >= before.least()
        && start - first <= before.most()
        && text.startsWith(keyword, start)) {
      tryAt(sweep, first);
    }
  }

  private void tryAt(Sweep sweep, int place) {
    if (sweep.isCovered(this, place)) {
      return;
    }
    var text = sweep.text();
    int limit = Math.min(text.length(), place + rule.most() + 1);
    var matcher = rule.regex().matcher(text.substring(place, limit));
    if (matcher.lookingAt()) {
      sweep.cover(this, place + matcher.end());
      take(sweep, matcher, place);
    }
  }

  private void tryNear(Sweep sweep, int start, int end) {
    if (sweep.isCovered(this, end + rule.most() / 2)) {
      return;
    }
    int from = Math.max(0, start - BEHIND);
    int to = Math.min(sweep.text().length(), end + rule.most());
    sweep.cover(this, to == sweep.text().length() ? Integer.MAX_VALUE : to);
    var matcher = rule.regex().matcher(sweep.text().substring(from, to));
    while (matcher.find()) {
      take(sweep, matcher, from);
    }
  }

  private void take(Sweep sweep, Matcher matcher, int offset) {
    int group = matcher.groupCount() > 0 ? 1 : 0;
    var secret = matcher.group(group);
    if (secret == null || secret.isEmpty()) {
      return;
    }
    int start = offset + matcher.start(group);
    int end = start + secret.length();
    if (Sweep.endsAt(sweep.text(), end) && rule.accepts(secret)) {
      sweep.found(rule.type(), start, end, rule.score(secret));
    }
  }

  private static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-'
        || c == '~';
  }
}
