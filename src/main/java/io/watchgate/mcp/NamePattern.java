package io.watchgate.mcp;

/// A pattern of names: `*` stands for any characters, also none, and `?` for one.
public record NamePattern(String text) {

  public boolean matches(String name) {
    int at = 0;
    int inName = 0;
    int star = -1;
    int behindStar = 0;
    while (inName < name.length()) {
      if (at < text.length() && text.charAt(at) == '*') {
        star = at++;
        behindStar = inName;
      } else if (at < text.length()
          && (text.charAt(at) == '?' || text.charAt(at) == name.charAt(inName))) {
        at++;
        inName++;
      } else if (star >= 0) {
        at = star + 1; // the last star takes one more
        inName = ++behindStar;
      } else {
        return false;
      }
    }
    while (at < text.length() && text.charAt(at) == '*') {
      at++;
    }
    return at == text.length();
  }
}
