package io.watchgate.middleware;

/// Names that stand in a text.
final class Words {
  private Words() {}

  /// Puts another name in the place of a name, where it stands by itself.
  static String replace(String text, String name, String other) {
    if (name.isEmpty()) {
      return text;
    }
    var out = new StringBuilder(text.length());
    int from = 0;
    for (int at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length())) {
      int end = at + name.length();
      if (!isPart(text, at - 1) && !isPart(text, end)) {
        out.append(text, from, at).append(other);
        from = end;
      }
    }
    return out.append(text, from, text.length()).toString();
  }

  private static boolean isPart(String text, int at) {
    return at >= 0
        && at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || "_-".indexOf(text.charAt(at)) >= 0);
  }
}
