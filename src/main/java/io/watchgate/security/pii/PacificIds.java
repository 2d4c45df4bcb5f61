package io.watchgate.security.pii;

import static io.watchgate.security.pii.Checks.date;
import static io.watchgate.security.pii.Checks.elevenMinus;
import static io.watchgate.security.pii.Checks.monthDay;
import static io.watchgate.security.pii.Checks.weighted;
import static io.watchgate.security.pii.Topic.bits;

/// The numbers by which the countries of Asia and Oceania know a person.
final class PacificIds {
  private static final String TAIWANESE_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO";

  private PacificIds() {}

  static void add(Forms.Builder forms) {
    forms
        .digits("in_aadhaar", bits(Topic.IN), c -> c.digit(0) > 1 && Checks.verhoeff(c))
        .near("12", "4-4-4", "4 4 4");
    forms.lettered("in_pan", bits(Topic.IN), PacificIds::pan).alone("10");
    forms.mixed("cn_resident_id", bits(Topic.CN), PacificIds::resident).alone("18");
    forms.lettered("tw_id", bits(Topic.TW), PacificIds::taiwanese).alone("10");
    forms
        .lettered("hk_id", bits(Topic.HK), PacificIds::hongKong)
        .alone("7(1", "8(1")
        .near("8", "9");
    forms.lettered("sg_nric", bits(Topic.SG), PacificIds::nric).alone("9");
    forms
        .digits("my_mykad", bits(Topic.MY), c -> monthDay(c, 2) && c.two(6) != 0)
        .near("12")
        .alone("6-2-4");
    forms
        .digits("th_id", bits(Topic.TH), PacificIds::thai)
        .near("13")
        .alone("1-4-5-2-1", "1 4 5 2 1");
    forms.digits("id_nik", bits(Topic.ID), PacificIds::nik).near("16");
    forms
        .digits("kr_rrn", bits(Topic.KR), c -> monthDay(c, 2) && c.digit(6) != 0 && c.digit(6) != 9)
        .near("13")
        .alone("6-7");
    forms.digits("jp_my_number", bits(Topic.JP), PacificIds::myNumber).near("12", "4 4 4", "4-4-4");
    forms.digits("au_tfn", bits(Topic.AU), PacificIds::tfn).near("9", "3 3 3", "8", "3-3-3");
    forms
        .digits("au_medicare", bits(Topic.AU), PacificIds::medicare)
        .near("10", "11", "4 5 1", "4-5-1");
    forms.digits("au_abn", bits(Topic.AU), PacificIds::abn).near("11").alone("2 3 3 3");
    forms.digits("au_acn", bits(Topic.AU), PacificIds::acn).near("9", "3 3 3");
    forms
        .digits("nz_ird", bits(Topic.NZ), PacificIds::ird)
        .near("8", "9", "2-3-3", "3-3-3", "3 3 3", "2 3 3");
  }

  /// The fourth letter tells what kind of person it is.
  static boolean pan(Candidate c) {
    return c.letters(0, 5)
        && c.digits(5, 9)
        && c.isLetter(9)
        && "PCHABGJLFTK".indexOf(c.at(3)) >= 0
        && !c.has(5, "0000");
  }

  /// Begins with the code of a province and holds the day of birth.
  static boolean resident(Candidate c) {
    if (!c.digits(0, 17) || c.digit(0) == 0 || c.digit(0) == 9 || !monthDay(c, 10)) {
      return false;
    }
    int century = c.two(6);
    int sum = weighted(c, 0, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2);
    return (century == 18 || century == 19 || century == 20)
        && c.at(17) == "10X98765432".charAt(sum % 11);
  }

  static boolean taiwanese(Candidate c) {
    if (!c.isLetter(0) || !c.digits(1, 10) || "1289".indexOf(c.at(1)) < 0) {
      return false;
    }
    int letter = TAIWANESE_LETTERS.indexOf(c.at(0)) + 10;
    int sum = letter / 10 + 9 * (letter % 10) + weighted(c, 1, 8, 7, 6, 5, 4, 3, 2, 1, 1);
    return sum % 10 == 0;
  }

  static boolean hongKong(Candidate c) {
    int letters = c.length() - 7;
    if (letters < 1 || letters > 2 || !c.letters(0, letters) || !c.digits(letters, letters + 6)) {
      return false;
    }
    int sum = letters == 1 ? 36 * 9 + 8 * c.value(0) : 9 * c.value(0) + 8 * c.value(1);
    sum += weighted(c, letters, 7, 6, 5, 4, 3, 2);
    int check = elevenMinus(sum);
    return c.last() == (check == 10 ? 'A' : '0' + check);
  }

  static boolean nric(Candidate c) {
    int kind = "STFGM".indexOf(c.at(0));
    if (kind < 0 || !c.digits(1, 8) || !c.isLetter(8)) {
      return false;
    }
    int sum = weighted(c, 1, 2, 7, 6, 5, 4, 3, 2);
    return switch (kind) {
      case 0 -> c.at(8) == "JZIHGFEDCBA".charAt(sum % 11);
      case 1 -> c.at(8) == "JZIHGFEDCBA".charAt((sum + 4) % 11);
      case 2 -> c.at(8) == "XWUTRQPNMLK".charAt(sum % 11);
      case 3 -> c.at(8) == "XWUTRQPNMLK".charAt((sum + 4) % 11);
      default -> c.at(8) == "KLJNPQRTUWX".charAt(10 - (sum + 3) % 11);
    };
  }

  static boolean thai(Candidate c) {
    int sum = weighted(c, 0, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2);
    return c.digit(0) != 0 && (11 - sum % 11) % 10 == c.digit(12);
  }

  /// Women have 40 more in the day.
  static boolean nik(Candidate c) {
    int day = c.two(6);
    return c.digit(0) != 0 && date(c.two(8), day > 40 ? day - 40 : day);
  }

  static boolean myNumber(Candidate c) {
    int rest = weighted(c, 0, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11;
    return (rest <= 1 ? 0 : 11 - rest) == c.digit(11) && !c.repeats();
  }

  static boolean tfn(Candidate c) {
    int sum =
        c.length() == 8
            ? weighted(c, 0, 10, 7, 8, 4, 6, 3, 5, 1)
            : weighted(c, 0, 1, 4, 3, 7, 5, 8, 6, 9, 10);
    return sum % 11 == 0 && !c.repeats();
  }

  static boolean medicare(Candidate c) {
    return c.digit(0) >= 2
        && c.digit(0) <= 6
        && weighted(c, 0, 1, 3, 7, 9, 1, 3, 7, 9) % 10 == c.digit(8);
  }

  static boolean abn(Candidate c) {
    int sum = weighted(c, 0, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19) - 10;
    return c.digit(0) != 0 && sum % 89 == 0;
  }

  static boolean acn(Candidate c) {
    int sum = weighted(c, 0, 8, 7, 6, 5, 4, 3, 2, 1);
    return (10 - sum % 10) % 10 == c.digit(8) && !c.repeats();
  }

  static boolean ird(Candidate c) {
    int from = c.length() - 8;
    int first = from == 0 ? 0 : c.digit(0);
    int check = elevenMinus(3 * first + weighted(c, from, 2, 7, 6, 5, 4, 3, 2));
    if (check == 10) {
      check = elevenMinus(7 * first + weighted(c, from, 4, 3, 2, 5, 2, 7, 6));
    }
    return check == c.digit(c.length() - 1) && !c.repeats();
  }
}
