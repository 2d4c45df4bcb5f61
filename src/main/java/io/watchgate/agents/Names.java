package io.watchgate.agents;

/// Names that a model or a caller made up, as they are written to logs and answers.
final class Names {
  private static final int MOST = 128;

  private Names() {}

  /// Short, and of visible characters only.
  static String shown(String name) {
    var cut = name.length() <= MOST ? name : name.substring(0, MOST) + "…";
    return cut.codePoints()
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
