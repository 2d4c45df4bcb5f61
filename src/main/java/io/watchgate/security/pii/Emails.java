package io.watchgate.security.pii;

import java.util.Set;

/// Looks for e-mail addresses, from each `@` to both sides.
final class Emails implements Looker {
  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_DOMAIN = 253;

  /// What looks like a domain and is the end of a file's name, as in `icon@2x.png`.
  private static final Set<String> FILES =
      Set.of("png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "json", "html", "pdf");

  @Override
  public void look(Reading reading, Finds finds) {
    int at = reading.string().indexOf('@');
    while (at >= 0) {
      int start = nameStart(reading, at);
      int end = start < at ? domainEnd(reading, at + 1) : -1;
      if (end > 0 && !isLogin(reading, start, at, end)) {
        finds.add("email", start, end, 0.97);
      }
      at = reading.string().indexOf('@', at + 1);
    }
  }

  private static int nameStart(Reading reading, int at) {
    if (reading.at(at - 1) == '"') {
      return quotedStart(reading, at);
    }
    int start = at;
    while (at - start < LONGEST_NAME && isInName(reading.at(start - 1))) {
      start--;
    }
    while (start < at && isPunctuation(reading.at(start))) {
      start++;
    }
    return reading.at(at - 1) == '.' ? at : start;
  }

  /// A name in quotes may have anything; the address of `"x"@y.zz` in a list of texts is none.
  private static int quotedStart(Reading reading, int at) {
    int start = at - 2;
    while (at - start < LONGEST_NAME && reading.at(start) != '"') {
      if (reading.at(start) < ' ') {
        return at;
      }
      start--;
    }
    return reading.at(start) == '"' && at - start > 2 ? start : at;
  }

  private static boolean isInName(char c) {
    return Reading.isLetterOrDigit(c)
        || "._%+-!#$&'*/=?^`{|}~".indexOf(c) >= 0
        || (c >= 128 && Character.isLetterOrDigit(c));
  }

  /// What an address does not begin with in practice, but what may stand before one.
  private static boolean isPunctuation(char c) {
    return "._%-!#$&'*/=?^`{|}~".indexOf(c) >= 0;
  }

  /// The end of the domain that starts here, -1 when it is none.
  private static int domainEnd(Reading reading, int from) {
    if (reading.at(from) == '[') {
      int end = reading.string().indexOf(']', from, Math.min(from + 50, reading.length()));
      return end > from + 6 && Reading.isDigit(reading.at(end - 1)) ? end + 1 : -1;
    }
    int end = from;
    int label = from;
    int dot = -1;
    while (end - from < LONGEST_DOMAIN && isInDomain(reading.at(end))) {
      if (reading.at(end) == '.') {
        if (end == label) {
          break;
        }
        dot = end;
        label = end + 1;
      }
      end++;
    }
    while (end > from && !Character.isLetterOrDigit(reading.at(end - 1))) {
      end--;
    }
    if (dot >= end) {
      dot = reading.string().lastIndexOf('.', end - 1);
    }
    return dot > from && isTopLevel(reading, dot + 1, end) ? end : -1;
  }

  private static boolean isInDomain(char c) {
    return Reading.isLetterOrDigit(c)
        || c == '.'
        || c == '-'
        || (c >= 128 && Character.isLetterOrDigit(c));
  }

  private static boolean isTopLevel(Reading reading, int start, int end) {
    var name = reading.string().substring(start, end);
    if (name.startsWith("xn--")) {
      return true;
    }
    return name.length() >= 2
        && name.length() <= 24
        && name.chars().allMatch(Character::isLetter)
        && !FILES.contains(name);
  }

  /// Whether it is the user of a remote shell or of a URL, such as `git@host.com:path`.
  private static boolean isLogin(Reading reading, int start, int at, int end) {
    boolean git = at - start == 3 && reading.string().startsWith("git", start);
    boolean path = reading.at(end) == ':' && Character.isLetter(reading.at(end + 1));
    return git && (path || reading.at(end) == '/' || reading.at(start - 1) == '/');
  }
}
