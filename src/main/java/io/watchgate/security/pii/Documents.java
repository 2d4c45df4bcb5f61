package io.watchgate.security.pii;

import static io.watchgate.security.pii.Topic.bits;

/// Passports and driving licences. Their numbers have no form of their own, but for the British
/// licence, so it takes a word near by.
final class Documents {
  private Documents() {}

  static void add(Forms.Builder forms) {
    forms
        .mixed("passport", bits(Topic.PASSPORT), Documents::passport)
        .near("6", "7", "8", "9", "10", "1 7", "1 8", "2 6", "2 7", "1-7", "1-8", "2-7", "2 2 6");
    forms
        .mixed("driving_licence", bits(Topic.LICENCE), Documents::licence)
        .near("6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19")
        .near(
            "4-4-4", "4-4-4-2", "5 5 5", "5-5-5", "3 3 3", "3-3-3", "4-3-2-3-1", "2-3-4", "4-3-3-4")
        .near("1-3-3-3-3", "4-3-3-3", "4 4 4 2", "2 2 6", "3-2-4", "2 7", "1 7", "1-7", "1-12");
    forms.lettered("driving_licence", bits(Topic.LICENCE), Documents::british).alone("16", "5 6 5");
  }

  static boolean passport(Candidate c) {
    return digits(c) >= 5;
  }

  static boolean licence(Candidate c) {
    return digits(c) >= 4;
  }

  /// Five characters of the name, the day of birth in a twisted order, initials and a check.
  static boolean british(Candidate c) {
    int letters = 0;
    while (letters < 5 && c.isLetter(letters)) {
      letters++;
    }
    if (letters < 1 || !c.has(letters, "99999".substring(letters)) || !c.digits(5, 11)) {
      return false;
    }
    int month = c.two(6);
    return Checks.date(month > 50 ? month - 50 : month, c.two(8))
        && (c.isLetter(11) && (c.isLetter(12) || c.at(12) == '9'))
        && c.letters(14, 16);
  }

  private static int digits(Candidate c) {
    int digits = 0;
    for (int i = 0; i < c.length(); i++) {
      digits += Reading.isDigit(c.at(i)) ? 1 : 0;
    }
    return digits;
  }
}
