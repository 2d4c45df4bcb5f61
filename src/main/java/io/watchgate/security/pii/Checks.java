package io.watchgate.security.pii;

/// The sums that the check digits of numbers are made by, and the dates that are in them.
final class Checks {
  private static final int[] MONTH_DAYS = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

  private static final int[][] VERHOEFF_PRODUCTS = verhoeffProducts();
  private static final int[][] VERHOEFF_TURNS = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
    {1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
    {5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
    {8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
    {9, 4, 5, 3, 1, 2, 6, 8, 7, 0},
    {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
    {2, 7, 9, 3, 8, 0, 6, 4, 1, 5},
    {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}
  };

  private Checks() {}

  static boolean luhn(Candidate c) {
    return luhn(c, 0, c.length());
  }

  static boolean luhn(Candidate c, int from, int to) {
    int sum = 0;
    for (int i = to - 1; i >= from; i--) {
      int digit = c.digit(i);
      if ((to - i) % 2 == 0) {
        digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
      }
      sum += digit;
    }
    return sum % 10 == 0;
  }

  /// The sum of the digits, each times its weight, as many as there are weights.
  static int weighted(Candidate c, int from, int... weights) {
    int sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += c.digit(from + i) * weights[i];
    }
    return sum;
  }

  /// The check digit 11 minus the rest, where 11 counts as 0; 10 stands for no valid digit.
  static int elevenMinus(int sum) {
    return (11 - sum % 11) % 11;
  }

  /// Whether the digits add up by weights 1 and 3 in turn, as in EAN and AHV.
  static boolean ean(Candidate c) {
    int sum = 0;
    for (int i = c.length() - 1, weight = 1; i >= 0; i--, weight = 4 - weight) {
      sum += weight * c.digit(i);
    }
    return sum % 10 == 0;
  }

  /// ISO 7064 mod 11, 10.
  static boolean mod11And10(Candidate c) {
    int product = 10;
    for (int i = 0; i < c.length() - 1; i++) {
      int sum = (c.digit(i) + product) % 10;
      product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return (11 - product) % 10 == c.digit(c.length() - 1);
  }

  /// The rest by 97 of the digits, letters being two digits each, from a place around to it.
  static int mod97(Candidate c, int from) {
    int rest = 0;
    for (int i = 0; i < c.length(); i++) {
      int value = c.value((from + i) % c.length());
      rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
    }
    return rest;
  }

  static boolean verhoeff(Candidate c) {
    int check = 0;
    for (int i = 0; i < c.length(); i++) {
      check = VERHOEFF_PRODUCTS[check][VERHOEFF_TURNS[i % 8][c.digit(c.length() - 1 - i)]];
    }
    return check == 0;
  }

  /// Whether there is such a day, in some year.
  static boolean date(int month, int day) {
    return month >= 1 && month <= 12 && day >= 1 && day <= MONTH_DAYS[month - 1];
  }

  /// Whether a part is a date, the day first.
  static boolean dayMonth(Candidate c, int at) {
    return date(c.two(at + 2), c.two(at));
  }

  /// Whether a part is a date, the month first.
  static boolean monthDay(Candidate c, int at) {
    return date(c.two(at), c.two(at + 2));
  }

  private static int[][] verhoeffProducts() {
    var products = new int[10][10];
    for (int i = 0; i < 10; i++) {
      for (int j = 0; j < 10; j++) {
        products[i][j] = dihedral(i, j);
      }
    }
    return products;
  }

  /// Two turns or flips of a pentagon after one another.
  private static int dihedral(int i, int j) {
    if (i < 5) {
      return j < 5 ? (i + j) % 5 : 5 + (i + j) % 5;
    }
    return j < 5 ? 5 + Math.floorMod(i - j, 5) : Math.floorMod(i - j, 5);
  }
}
