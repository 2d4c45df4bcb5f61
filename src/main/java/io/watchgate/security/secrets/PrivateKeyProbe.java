package io.watchgate.security.secrets;

/// Finds private keys from the header to the footer: PEM of all kinds, PGP, SSH2, also where line
/// breaks are written as `\n`, where the lines are literals of a program, and where the end is cut
/// off.
final class PrivateKeyProbe implements Probe {
  private static final int LONGEST_LABEL = 48;
  private static final int LONGEST = 64 * 1024;
  private static final int SHORTEST_LINE = 16;
  private static final int LONGEST_WORD = 12;

  /// The keyword is the end of the header: `PRIVATE KEY-----`.
  @Override
  public void at(Sweep sweep, int start, int end) {
    var text = sweep.text();
    int earliest = Math.max(0, start - LONGEST_LABEL);
    int begin = earliest + text.substring(earliest, start).lastIndexOf("BEGIN ");
    if (sweep.isCovered(this, start) || begin < earliest) {
      return;
    }
    int first = begin;
    while (first > 0 && isDash(text.charAt(first - 1)) && begin - first < 6) {
      first--;
    }
    int body = end;
    while (body < text.length() && text.charAt(body) == '-') {
      body++;
    }
    int stop = bodyEnd(text, body);
    sweep.cover(this, stop);
    boolean key = stop > body ? hasLine(text, body, stop) : !isMentioned(text, body);
    if (begin - first >= 3 && key) {
      sweep.found(type(text, begin, end), first, stop, 1.0);
    }
  }

  /// Whether more stands between header and footer than dots or a remark.
  private static boolean hasLine(String text, int body, int stop) {
    int run = 0;
    for (int i = body; i < stop && run < LONGEST_WORD; i++) {
      run = isBase64(text.charAt(i)) ? run + 1 : 0;
    }
    return run == LONGEST_WORD;
  }

  private static String type(String text, int begin, int end) {
    var label = text.substring(begin + "BEGIN ".length(), end);
    return label.startsWith("PRIVATE") || label.startsWith("ENCRYPTED")
        ? "private_keys"
        : "ssh_private_keys";
  }

  /// Behind the footer, or behind the last line that is still of the key.
  private static int bodyEnd(String text, int body) {
    int limit = Math.min(text.length(), body + LONGEST);
    int dashes = text.indexOf("----", body, limit);
    if (dashes >= 0) {
      int footer = dashes;
      while (footer < limit && (isDash(text.charAt(footer)) || text.charAt(footer) == ' ')) {
        footer++;
      }
      if (text.startsWith("END ", footer)) {
        return footerEnd(text, footer + "END ".length());
      }
      limit = dashes;
    }
    return linesEnd(text, body, limit);
  }

  private static int footerEnd(String text, int start) {
    int i = start;
    while (i < text.length() && i < start + LONGEST_LABEL && !isDash(text.charAt(i))) {
      i++;
    }
    while (i < text.length() && isDash(text.charAt(i))) {
      i++;
    }
    return i;
  }

  /// Lines of base64 with whatever parts lines; the last may be shorter than a word.
  private static int linesEnd(String text, int body, int limit) {
    int end = body;
    int lines = 0;
    int i = body;
    while (i < limit) {
      int start = i;
      while (i < limit && isBase64(text.charAt(i))) {
        i++;
      }
      boolean line = i - start >= SHORTEST_LINE;
      if (line || (lines > 0 && i > start && isLastLine(text, start, i))) {
        end = i;
        lines++;
      } else if (i > start && !isHeader(text, start, i) && !isBreak(text, start - 1)) {
        break;
      }
      while (i < limit && !isBase64(text.charAt(i))) {
        i++;
      }
    }
    return end;
  }

  /// A short line is the last, and nothing else is on it.
  private static boolean isLastLine(String text, int start, int end) {
    char before = text.charAt(start - 1);
    boolean begins = before == '\n' || before == '\\' || text.charAt(end - 1) == '=';
    boolean ends = end == text.length() || "\r\n\"'`\\<".indexOf(text.charAt(end)) >= 0;
    return begins && (ends || Randomness.isRandom(text.substring(start, end)));
  }

  /// `Proc-Type: 4,ENCRYPTED` and the like stand before the key.
  private static boolean isHeader(String text, int start, int end) {
    return (end < text.length() && (text.charAt(end) == '-' || text.charAt(end) == ':'))
        || (start > 1
            && ": ,-".indexOf(text.charAt(start - 1)) >= 0
            && text.charAt(end - 1) <= 'Z');
  }

  /// The `n` of a written-out `\n`.
  private static boolean isBreak(String text, int before) {
    return before >= 0 && text.charAt(before) == '\\';
  }

  /// Whether the header is a literal in a program or a sentence, without a key.
  private static boolean isMentioned(String text, int body) {
    return body < text.length() && "\"'`),.?".indexOf(text.charAt(body)) >= 0;
  }

  private static boolean isDash(char c) {
    return c == '-';
  }

  private static boolean isBase64(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '+'
        || c == '/'
        || c == '=';
  }
}
