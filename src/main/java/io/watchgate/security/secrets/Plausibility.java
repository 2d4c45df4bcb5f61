package io.watchgate.security.secrets;

import io.watchgate.security.secrets.Assignment.Form;
import io.watchgate.security.secrets.Names.Kind;

/// Judges whether the value of a name that sounds like a secret is one, and not a word, a
/// reference, a path or a part of a program.
final class Plausibility {
  private static final int SHORTEST_SECRET = 10;
  private static final int SHORTEST_KEY = 20;
  private static final int SEVERAL_SIGNS = 5;
  private static final int MANY_SIGNS = 7;

  /// The least scaled entropy of what is drawn by lot, one in a thousand is below.
  private static final double ENTROPY = 4.6;

  private Plausibility() {}

  /// How sure it is that the value is a secret, 0 when it is none.
  ///
  /// @param assignment of a value that is neither a word nor a placeholder
  static double score(Assignment assignment) {
    var value = assignment.value();
    var kind = Names.kind(assignment.name());
    if (isReference(assignment, value) || !isPlausible(assignment.form(), kind, value)) {
      return 0;
    }
    return kind == Kind.PASSWORD ? 0.7 : 0.6;
  }

  private static boolean isPlausible(Form form, Kind kind, String value) {
    if (form == Form.PROSE) {
      return (kind == Kind.PASSWORD || kind == Kind.SECRET)
          && value.length() >= 8
          && isStrong(value);
    }
    return switch (kind) {
      case PASSWORD -> isPassword(value, form) || (isValue(form) && isLowerCase(value));
      case SECRET -> isSecret(value) || (form != Form.BARE && isNoise(value));
      case KEY -> value.length() >= SHORTEST_KEY && isSecret(value) && !isUuid(value);
      case OTHER, OPEN -> false;
    };
  }

  /// Whether something that is written so can be nothing but the value of the name.
  private static boolean isValue(Form form) {
    return form == Form.QUOTED || form == Form.WHOLE;
  }

  /// A word, and no label.
  private static boolean isLowerCase(String value) {
    return !Placeholders.isEmptyWord(value) && value.chars().allMatch(c -> c >= 'a' && c <= 'z');
  }

  /// Whether the value is a word of letters, or several of them, where it could be anything.
  static boolean isWord(Form form, String value) {
    return !isValue(form) && isWord(value);
  }

  private static boolean isWord(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (!Character.isLetter(c) && "_-. ".indexOf(c) < 0) {
        return false;
      }
    }
    return value.length() < SHORTEST_SECRET - 2 || Randomness.isWordy(value);
  }

  private static boolean isPassword(String value, Form form) {
    if (isSentence(value)) {
      return false;
    }
    int digits = Randomness.count(value, Character::isDigit);
    int letters = Randomness.count(value, Character::isLetter);
    int signs = Randomness.count(value, c -> "!@#$%^&*?+=~".indexOf(c) >= 0);
    if (digits == value.length()) {
      return form != Form.BARE && digits >= 6;
    }
    if (signs > 0 && letters > 0) {
      return true;
    }
    return (digits > 0 && letters > 0) || (value.length() >= 8 && Randomness.isRandom(value));
  }

  private static boolean isSecret(String value) {
    if (value.length() < SHORTEST_SECRET || isSentence(value)) {
      return false;
    }
    int signs = Randomness.count(value, c -> "!@#$%^&*?~".indexOf(c) >= 0);
    boolean digits = Randomness.count(value, Character::isDigit) > 0;
    if (signs > 1 && digits) {
      return true;
    }
    return Randomness.isRandom(value)
        && (digits || value.length() >= 16)
        && Randomness.scaledEntropy(value) >= ENTROPY;
  }

  /// Signs all over the place.
  private static boolean isNoise(String value) {
    int least = isSentence(value) ? MANY_SIGNS : SEVERAL_SIGNS;
    return value.length() >= 2 * least
        && value.chars().filter(c -> "!@#$%^&*?~{}[]()<>|".indexOf(c) >= 0).distinct().count()
            >= least;
  }

  private static boolean isUuid(String value) {
    return value.length() == 36 && value.charAt(8) == '-' && value.charAt(23) == '-';
  }

  /// Nothing that stands in a sentence by chance.
  private static boolean isStrong(String value) {
    int digits = Randomness.count(value, Character::isDigit);
    int letters = Randomness.count(value, Character::isLetter);
    if (digits < 2 || letters < 2 || isSentence(value)) {
      return false;
    }
    return Randomness.count(value, c -> "!@#$%^&*".indexOf(c) >= 0) > 0
        || (value.length() >= SHORTEST_SECRET
            && Randomness.isRandom(value)
            && Randomness.scaledEntropy(value) >= ENTROPY);
  }

  private static boolean isSentence(String value) {
    return Randomness.count(value, Character::isWhitespace) > 0;
  }

  /// Whether the value says where the secret is: a path, an address, a variable, a call.
  private static boolean isReference(Assignment assignment, String value) {
    return (value.startsWith("/") && isPath(value))
        || value.startsWith("./")
        || value.startsWith("~/")
        || value.startsWith("../")
        || value.startsWith("@/")
        || value.startsWith("--")
        || value.contains("://")
        || value.startsWith("arn:")
        || value.startsWith("data:")
        || value.startsWith("sha256")
        || value.startsWith("sha512")
        || value.startsWith("sha1-")
        || value.startsWith("vault:")
        || value.startsWith("secret/")
        || value.startsWith("ssh-")
        || value.startsWith("env:")
        || value.endsWith("()")
        || isNumber(value)
        || isPattern(value)
        || ((assignment.form() == Form.BARE || assignment.form() == Form.PROSE) && isCode(value));
  }

  /// Whether the value is a regular expression, or has characters by their codes.
  private static boolean isPattern(String value) {
    return value.contains("\\x")
        || value.contains("\\u")
        || value.contains("\\d")
        || value.contains("\\s")
        || value.contains("\\w")
        || value.contains("\\(")
        || value.contains("a-z")
        || value.contains("[^");
  }

  /// Whether the value is a version, an address or a date.
  private static boolean isNumber(String value) {
    return value.chars().anyMatch(c -> ".-:/".indexOf(c) >= 0)
        && value.chars().allMatch(c -> Character.isDigit(c) || ".-:/vTZ".indexOf(c) >= 0);
  }

  private static boolean isPath(String value) {
    return value.indexOf('/', 1) > 0 && Randomness.isWordy(value);
  }

  /// Whether a value without quotes is an expression: `config.token()`, `args[0]`, `a.b.c`.
  private static boolean isCode(String value) {
    char first = value.charAt(0);
    if ("({[*$&:@%!".indexOf(first) >= 0 && Randomness.isWordy(value)) {
      return true;
    }
    int i = 0;
    while (i < value.length() && isNamePart(value.charAt(i))) {
      i++;
    }
    boolean name = i > 0 && !Character.isDigit(first);
    if (name && i < value.length() && "([{".indexOf(value.charAt(i)) >= 0) {
      return true;
    }
    return name && i == value.length() && isMember(value);
  }

  private static boolean isNamePart(char c) {
    return c == '_'
        || c == '.'
        || c == ':'
        || c == '>'
        || (c < 128 && Character.isLetterOrDigit(c));
  }

  private static boolean isMember(String value) {
    int dot = value.indexOf('.');
    return dot > 0
        && dot < value.length() - 1
        && Character.isLetter(value.charAt(dot + 1))
        && Randomness.isWordy(value);
  }
}
