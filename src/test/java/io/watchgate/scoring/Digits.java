package io.watchgate.scoring;

import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;

/// Makes numbers with check digits, each by the rule as its country writes it down. Shares nothing
/// with what looks for them.
final class Digits {
  private final RandomGenerator random;

  Digits(RandomGenerator random) {
    this.random = random;
  }

  /// One of the numbers of a pattern: `#` is a digit, `%` one that is no zero, `@` a letter, `d` a
  /// day and month and `m` a month and day of four digits.
  String of(String pattern) {
    var made = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      switch (c) {
        case '#' -> made.append(random.nextInt(10));
        case '%' -> made.append(1 + random.nextInt(9));
        case '@' -> made.append((char) ('A' + random.nextInt(26)));
        case 'd' -> made.append("%02d%02d".formatted(day(), month()));
        case 'm' -> made.append("%02d%02d".formatted(month(), day()));
        default -> made.append(c);
      }
    }
    return made.toString();
  }

  private int day() {
    return 1 + random.nextInt(28);
  }

  private int month() {
    return 1 + random.nextInt(12);
  }

  /// A number of the pattern with a check digit behind; made again where the rule has none.
  String checked(String pattern, ToIntFunction<String> rule) {
    while (true) {
      var body = of(pattern);
      int check = rule.applyAsInt(body);
      if (check >= 0 && check < 10) {
        return body + check;
      }
    }
  }

  static int sum(String digits, int... weights) {
    int sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += Character.digit(digits.charAt(i), 36) * weights[i];
    }
    return sum;
  }

  /// 11 less the rest by 11; 11 becomes 0, and 10 what is said.
  static int eleven(int sum, int ten) {
    int check = 11 - sum % 11;
    return check == 11 ? 0 : check == 10 ? ten : check;
  }

  static int luhn(String body) {
    int sum = 0;
    for (int i = 0; i < body.length(); i++) {
      int digit = Character.digit(body.charAt(body.length() - 1 - i), 36);
      int twice = 2 * digit;
      sum += i % 2 == 1 ? digit : twice / 10 + twice % 10;
    }
    return (10 - sum % 10) % 10;
  }

  static int ean(String body) {
    int sum = 0;
    for (int i = 0; i < body.length(); i++) {
      sum += Character.digit(body.charAt(body.length() - 1 - i), 36) * (i % 2 == 0 ? 3 : 1);
    }
    return (10 - sum % 10) % 10;
  }

  static int mod11And10(String body) {
    int rest = 10;
    for (int i = 0; i < body.length(); i++) {
      rest = (rest + body.charAt(i) - '0') % 10;
      rest = (rest == 0 ? 10 : rest) * 2 % 11;
    }
    return (11 - rest) % 10;
  }

  /// The Verhoeff digit, by the dihedral group of order ten.
  static int verhoeff(String body) {
    var turn = new int[] {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
    int check = 0;
    for (int i = 0; i < body.length(); i++) {
      int digit = body.charAt(body.length() - 1 - i) - '0';
      for (int j = 0; j <= i; j++) {
        digit = turn[digit];
      }
      check = times(check, digit);
    }
    for (int inverse = 0; inverse < 10; inverse++) {
      if (times(check, inverse) == 0) {
        return inverse;
      }
    }
    return -1;
  }

  private static int times(int a, int b) {
    int turn = a < 5 ? a % 5 + b % 5 : a % 5 - b % 5;
    boolean flipped = a < 5 ^ b < 5;
    return Math.floorMod(turn, 5) + (flipped ? 5 : 0);
  }

  /// The number in groups, as in `3-2-4`.
  static String grouped(String number, String shape) {
    var grouped = new StringBuilder();
    int at = 0;
    for (int i = 0; i < shape.length(); i++) {
      char c = shape.charAt(i);
      if (Character.isDigit(c)) {
        grouped.append(number, at, at + c - '0');
        at += c - '0';
      } else {
        grouped.append(c);
      }
    }
    return grouped.append(number.substring(at)).toString();
  }
}
