package io.watchgate.security.secrets;

/// Finds the passwords in addresses: `postgres://user:password@host`.
final class UrlProbe implements Probe {
  private static final int LONGEST = 300;
  private static final int SHORTEST_TOKEN = 20;

  @Override
  public void at(Sweep sweep, int start, int end) {
    var text = sweep.text();
    int colon = -1;
    int at = -1;
    int i = end;
    int limit = Math.min(text.length(), end + LONGEST);
    while (i < limit && !endsUser(text.charAt(i))) {
      if (text.charAt(i) == ':' && colon < 0) {
        colon = i;
      } else if (text.charAt(i) == '@') {
        at = i;
      }
      i++;
    }
    if (colon >= 0 && at > colon + 1 && at + 1 < text.length() && isHost(text.charAt(at + 1))) {
      take(sweep, text.substring(end, colon), colon + 1, at);
    } else if (colon < 0 && at - end >= SHORTEST_TOKEN) {
      takeToken(sweep, end, at);
    }
  }

  private static void take(Sweep sweep, String user, int start, int end) {
    var password = sweep.text().substring(start, end);
    boolean empty =
        Placeholders.isPlaceholder(password)
            || Placeholders.isEmptyWord(password)
            || password.equals(user);
    if (!empty && password.length() >= 3) {
      sweep.found("url_passwords", start, end, 0.9);
    }
  }

  /// A token in the place of the user: `https://token@host`.
  private static void takeToken(Sweep sweep, int start, int end) {
    var token = sweep.text().substring(start, end);
    if (Check.MIXED.holds(token)
        && Randomness.isRandom(token)
        && !Placeholders.isPlaceholder(token)) {
      sweep.found("url_passwords", start, end, 0.7);
    }
  }

  private static boolean endsUser(char c) {
    return c <= ' ' || "/\"'`<>\\?".indexOf(c) >= 0;
  }

  private static boolean isHost(char c) {
    return Character.isLetterOrDigit(c) || c == '[' || c == '$' || c == '{' || c == '_';
  }
}
