package io.watchgate.security.secrets;

import com.google.re2j.Matcher;

/// Tries the regular expression of one rule at the place that the rule says.
final class RuleProbe implements Probe {
  private static final int BEHIND = 100;
  private static final int SHORTEST_BODY = 8;

  private final Rule rule;
  private final String keyword;
  private final boolean isPlain;

  RuleProbe(Rule rule, String keyword) {
    this.rule = rule;
    this.keyword = keyword;
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
        && (!isWord(keyword.charAt(0)) || Sweep.beginsAt(text, start, keyword.contains("-")))
        && !isInBase64(text, start)
        && goesOn(text, start + keyword.length())) {
      tryAt(sweep, start);
    }
  }

  /// Whether the keyword may have come up by chance in a long text of base64.
  private boolean isInBase64(String text, int start) {
    return isPlain && start > 0 && "/+".indexOf(text.charAt(start - 1)) >= 0;
  }

  /// Whether enough follows without a break: regular expressions are slow to say no.
  private static boolean goesOn(String text, int from) {
    int end = from + SHORTEST_BODY;
    if (end > text.length()) {
      return false;
    }
    for (int i = from; i < end; i++) {
      if (text.charAt(i) <= ' ' || "\"',;<>(){}".indexOf(text.charAt(i)) >= 0) {
        return false;
      }
    }
    return true;
  }

  private void tryBefore(Sweep sweep, int start, Rule.Place.Before before) {
    var text = sweep.text();
    int first = start;
    while (first > 0 && start - first <= before.most() && isWord(text.charAt(first - 1))) {
      first--;
    }
    if (start - first >= before.least()
        && start - first <= before.most()
        && text.startsWith(keyword, start)) {
      tryAt(sweep, first);
    }
  }

  private void tryAt(Sweep sweep, int place) {
    var text = sweep.text();
    int limit = Math.min(text.length(), place + rule.reach());
    var matcher = rule.regex().matcher(text.substring(place, limit));
    if (matcher.lookingAt()) {
      take(sweep, matcher, place);
    }
  }

  private void tryNear(Sweep sweep, int start, int end) {
    if (sweep.isCovered(this, end + rule.reach() / 2)) {
      return;
    }
    int from = Math.max(0, start - BEHIND);
    int to = Math.min(sweep.text().length(), end + rule.reach());
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
