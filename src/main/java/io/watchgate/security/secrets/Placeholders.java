package io.watchgate.security.secrets;

import io.watchgate.scanning.Keywords;
import java.util.List;
import java.util.Locale;

/// Tells what stands where a secret would stand: `<your token>`, `${TOKEN}`, `xxxx`, `changeme`.
final class Placeholders {
  /// Words that nobody draws by lot and that stand for a secret in documentation.
  private static final Keywords WORDS =
      Keywords.of(
          List.of(
              "example",
              "placeholder",
              "changeme",
              "change_me",
              "change-me",
              "change_this",
              "replaceme",
              "replace_me",
              "replace-me",
              "replace_with",
              "replace-with",
              "redacted",
              "your_",
              "your-",
              "yourtoken",
              "yourkey",
              "yourpass",
              "yoursecret",
              "yourapi",
              "_here",
              "-here",
              "goes_here",
              "goeshere",
              "insert_",
              "insert-",
              "dummy",
              "foobar",
              "foo_bar",
              "xxxxx",
              "****",
              "...",
              "----",
              "____",
              "####",
              "not_a_real",
              "not-a-real",
              "notareal",
              "notreal",
              "fakekey",
              "fake_",
              "fake-",
              "fakesecret",
              "faketoken",
              "fakepass",
              "sample",
              "mock_",
              "mock-",
              "lorem",
              "todo",
              "deadbeef",
              "abcdefghij",
              "abcd1234",
              "abc123abc",
              "1234567890",
              "0123456789",
              "123456789a",
              "my_secret",
              "my-secret",
              "mysecret",
              "my_token",
              "my-token",
              "mytoken",
              "my_api",
              "my-api",
              "my_password",
              "my-password",
              "test_key",
              "test-key",
              "testkey",
              "test_token",
              "test-token",
              "test_secret",
              "test-secret",
              "some_",
              "some-"));

  private static final int MOST_SAME = 3;

  private Placeholders() {}

  /// Whether the text only stands for a secret, or for the place where one comes from.
  static boolean isPlaceholder(String text) {
    return isTemplate(text) || repeats(text) || hasWord(text);
  }

  /// Whether the text is filled in by a program, by the marks of the common template languages.
  static boolean isTemplate(String text) {
    int last = text.length() - 1;
    if (last < 1) {
      return true;
    }
    char first = text.charAt(0);
    char end = text.charAt(last);
    return (first == '<' && end == '>')
        || (first == '{' && end == '}')
        || (first == '[' && end == ']')
        || (first == '(' && end == ')')
        || (first == '%' && (end == '%' || end == ')' || last == 1 || text.charAt(1) == '('))
        || (first == '$' && isVariable(text))
        || hasBraces(text, "${")
        || hasBraces(text, "{{")
        || hasBraces(text, "#{")
        || hasBraces(text, "<%")
        || hasBraces(text, "$(");
  }

  /// A mark with a name behind it and what closes it: braces alone may well be in a password.
  private static boolean hasBraces(String text, String open) {
    int start = text.indexOf(open);
    if (start < 0) {
      return false;
    }
    int i = start + open.length();
    while (i < text.length() && " =-.:".indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    int name = i;
    while (i < text.length() && isNamePart(text.charAt(i))) {
      i++;
    }
    if (i == name || i == text.length()) {
      return false;
    }
    char end = text.charAt(i);
    if (end == '}' && open.equals("{{")) {
      return text.startsWith("}}", i);
    }
    return "})%|:? ,[(".indexOf(end) >= 0;
  }

  private static boolean isVariable(String text) {
    int i = 1;
    while (i < text.length() && isNamePart(text.charAt(i))) {
      i++;
    }
    boolean digits = text.chars().anyMatch(Character::isDigit);
    return i == text.length() && !(digits && Randomness.isRandom(text));
  }

  private static boolean isNamePart(char c) {
    return c == '_' || c == '.' || c == '-' || (c < 128 && Character.isLetterOrDigit(c));
  }

  /// Whether one character makes up most of the text, or it counts up.
  private static boolean repeats(String text) {
    int longest = 1;
    int run = 1;
    int rise = 1;
    for (int i = 1; i < text.length(); i++) {
      run = text.charAt(i) == text.charAt(i - 1) ? run + 1 : 1;
      boolean rises = text.charAt(i) == text.charAt(i - 1) + 1 && text.charAt(i) != ':';
      rise = rises ? rise + 1 : 1;
      longest = Math.max(longest, Math.max(run, rise - 2));
    }
    return longest >= 8 || longest * 2 > text.length() || isOfFew(text);
  }

  /// Whether no more than three different characters are in the text.
  private static boolean isOfFew(String text) {
    var few = new StringBuilder(MOST_SAME);
    for (int i = 0; i < text.length() && few.length() <= MOST_SAME; i++) {
      if (few.indexOf(text.substring(i, i + 1)) < 0) {
        few.append(text.charAt(i));
      }
    }
    return few.length() <= MOST_SAME;
  }

  private static boolean hasWord(String text) {
    var found = new boolean[1];
    WORDS.find(text, (_, _) -> found[0] = true);
    return found[0];
  }

  /// Whether the text is no more than a word that stands in the place of any value.
  static boolean isEmptyWord(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true",
          "false",
          "null",
          "none",
          "nil",
          "undefined",
          "string",
          "text",
          "required",
          "optional",
          "hidden",
          "empty",
          "unknown",
          "default",
          "password",
          "passwd",
          "pass",
          "secret",
          "token",
          "test",
          "user",
          "username",
          "admin",
          "root",
          "value",
          "yes",
          "no",
          "key",
          "n/a",
          "bearer",
          "basic",
          "pwd",
          "guest",
          "public",
          "private" ->
          true;
      default -> false;
    };
  }
}
