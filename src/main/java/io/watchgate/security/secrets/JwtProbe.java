package io.watchgate.security.secrets;

/// Finds JSON Web Tokens, signed or encrypted, of any length.
final class JwtProbe implements Probe {
  static final String TYPE = "jwt_tokens";
  private static final int SHORTEST_PART = 8;

  @Override
  public void at(Sweep sweep, int start, int end) {
    var text = sweep.text();
    if (sweep.isCovered(this, start)
        || !text.startsWith("eyJ", start)
        || !Sweep.beginsAt(text, start, "_-")) {
      return;
    }
    int header = partEnd(text, start);
    if (header - start < SHORTEST_PART || header >= text.length() || text.charAt(header) != '.') {
      return;
    }
    int stop = header;
    int parts = 1;
    while (parts < 5 && stop < text.length() && text.charAt(stop) == '.') {
      stop = partEnd(text, stop + 1);
      parts++;
    }
    sweep.cover(this, stop);
    if (stop - header > SHORTEST_PART
        && Check.JWT.holds(text.substring(start, header + 1))
        && (parts == 5 || text.startsWith("ey", header + 1))) {
      sweep.found(TYPE, start, endsSentence(text, stop) ? stop - 1 : stop, 1.0);
    }
  }

  private static boolean endsSentence(String text, int stop) {
    return text.charAt(stop - 1) == '.';
  }

  private static int partEnd(String text, int start) {
    int i = start;
    while (i < text.length() && isPart(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isPart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }
}
