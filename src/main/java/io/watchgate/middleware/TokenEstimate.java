package io.watchgate.middleware;

/// How many tokens a language model makes of a text, about: the sum of what words, digits, signs
/// and letters of other scripts usually cost. The costs were fitted to counts of the tokenizers
/// o200k and Llama 3 (`docs/plugins/token_usage.md` has the errors); one pass, and no vocabulary.
final class TokenEstimate {
  /// Letters of a word that most vocabularies have as a whole.
  private static final int SHORT_WORD = 6;

  private static final int DIGITS_OF_A_TOKEN = 3;
  private static final int WHOLE = 100;

  private final String text;
  private long hundredths;
  private Kind before = Kind.NEWLINE;
  private int run;

  private TokenEstimate(String text) {
    this.text = text;
  }

  /// What a character counts as.
  private enum Kind {
    LOWER,
    UPPER,
    ACCENTED,
    DIGIT,
    SPACE,
    NEWLINE,
    SIGN,
    OTHER
  }

  static long of(String text) {
    return new TokenEstimate(text).sum();
  }

  private long sum() {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      var kind = kind(c);
      hundredths += isWord(kind) ? letter(kind) : other(kind, c);
      before = kind;
    }
    return (hundredths + WHOLE - 1) / WHOLE;
  }

  private static Kind kind(char c) {
    if (c >= 0x80) {
      return c < 0x250 ? Kind.ACCENTED : Kind.OTHER;
    }
    if (c >= 'a' && c <= 'z') {
      return Kind.LOWER;
    }
    if (c >= 'A' && c <= 'Z') {
      return Kind.UPPER;
    }
    if (c >= '0' && c <= '9') {
      return Kind.DIGIT;
    }
    if (c == '\n' || c == '\r') {
      return Kind.NEWLINE;
    }
    return c <= ' ' ? Kind.SPACE : Kind.SIGN;
  }

  private static boolean isWord(Kind kind) {
    return kind == Kind.LOWER || kind == Kind.UPPER || kind == Kind.ACCENTED;
  }

  /// A word is new in the middle of `camelCase`, too.
  private int letter(Kind kind) {
    boolean goesOn = isWord(before) && (kind != Kind.UPPER || before == Kind.UPPER);
    run = goesOn ? run + 1 : 1;
    int cost = goesOn ? 0 : 100;
    cost += run > SHORT_WORD ? 30 : 0;
    cost += kind == Kind.ACCENTED ? 93 : 0;
    return cost + (kind == Kind.UPPER && before == Kind.UPPER ? 39 : 0);
  }

  private int other(Kind kind, char c) {
    run = kind == before ? run + 1 : 1;
    return switch (kind) {
      case DIGIT -> run % DIGITS_OF_A_TOKEN == 1 ? 128 : 0;
      case SPACE -> run == 2 ? 134 : 0; // one space belongs to the word behind it
      case SIGN -> run == 1 ? 69 : 4;
      case OTHER -> script(c);
      default -> 0; // line feeds belong to what is around them
    };
  }

  private static int script(char c) {
    if (c < 0x590) {
      return 37; // Greek, Cyrillic
    }
    if (c < 0x900) {
      return 45; // Hebrew, Arabic
    }
    if (c < 0x1100) {
      return 61; // of India, Thai
    }
    if (c < 0x1200 || (c >= 0xAC00 && c < 0xD7B0)) {
      return 76; // Hangul
    }
    return c >= 0x3040 && c < 0x3100 ? 63 : 87; // Kana; Han, symbols, halves of an emoji
  }
}
