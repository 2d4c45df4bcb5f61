package io.watchgate.security.pii;

import static io.watchgate.security.pii.Checks.date;
import static io.watchgate.security.pii.Checks.luhn;
import static io.watchgate.security.pii.Checks.weighted;
import static io.watchgate.security.pii.Topic.bits;

/// The numbers by which the countries of eastern Europe, the Near East and Africa know a person.
final class EasternIds {
  private EasternIds() {}

  static void add(Forms.Builder forms) {
    forms.digits("pl_pesel", bits(Topic.PL), EasternIds::pesel).near("11");
    forms.digits("pl_nip", bits(Topic.PL), EasternIds::nip).near("10").alone("3-3-2-2", "3-2-2-3");
    forms.digits("cz_rodne_cislo", bits(Topic.CZ), EasternIds::rodneCislo).near("10").alone("6/4");
    forms.digits("hu_taj", bits(Topic.HU), EasternIds::taj).near("9", "3 3 3", "3-3-3");
    forms.digits("ro_cnp", bits(Topic.RO), EasternIds::cnp).near("13");
    forms.digits("bg_egn", bits(Topic.BG), EasternIds::egn).near("10");
    forms.digits("gr_afm", bits(Topic.GR), EasternIds::afm).near("9");
    forms.digits("gr_amka", bits(Topic.GR), c -> Checks.dayMonth(c, 0) && luhn(c)).near("11");
    forms.digits("hr_oib", bits(Topic.HR), Checks::mod11And10).near("11");
    forms.digits("ee_lt_kood", bits(Topic.EE, Topic.LT), EasternIds::baltic).near("11");
    forms.digits("lv_kods", bits(Topic.LV), EasternIds::kods).near("11", "6-5");
    forms.digits("ru_snils", bits(Topic.RU), EasternIds::snils).near("11").alone("3-3-3 2");
    forms.digits("ru_inn", bits(Topic.RU), EasternIds::inn).near("12", "10");
    forms.digits("ua_rnokpp", bits(Topic.UA), EasternIds::rnokpp).near("10");
    forms.digits("kz_iin", bits(Topic.KZ), EasternIds::iin).near("12");
    forms.digits("tr_tckn", bits(Topic.TR), EasternIds::tckn).near("11", "3 3 3 2");
    forms.digits("il_tz", bits(Topic.IL), c -> luhn(c) && !c.repeats()).near("9", "8-1");
    forms
        .digits("za_id", bits(Topic.ZA), EasternIds::southAfrican)
        .near("13")
        .alone("6 4 3", "6 4 2 1");
    forms
        .digits("ae_emirates_id", bits(Topic.AE), c -> c.has(0, "784") && luhn(c))
        .alone("15", "3-4-7-1", "3 4 7 1");
  }

  /// The month tells the century.
  static boolean pesel(Candidate c) {
    int month = c.two(2) % 20;
    int sum = weighted(c, 0, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1);
    return date(month, c.two(4)) && sum % 10 == 0;
  }

  static boolean nip(Candidate c) {
    return weighted(c, 0, 6, 5, 7, 2, 3, 4, 5, 6, 7) % 11 == c.digit(9) && !c.repeats();
  }

  /// Women have 50 more in the month, and 20 more when a day ran out of numbers.
  static boolean rodneCislo(Candidate c) {
    int month = c.two(2) % 50;
    boolean adds = c.number(0, 10) % 11 == 0 || (c.number(0, 9) % 11 == 10 && c.digit(9) == 0);
    return adds && date(month > 20 ? month - 20 : month, c.two(4));
  }

  static boolean taj(Candidate c) {
    return weighted(c, 0, 3, 7, 3, 7, 3, 7, 3, 7) % 10 == c.digit(8) && !c.repeats();
  }

  static boolean cnp(Candidate c) {
    int county = c.two(7);
    int rest = weighted(c, 0, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11;
    return c.digit(0) != 0
        && Checks.monthDay(c, 3)
        && ((county >= 1 && county <= 52) || county == 70 || county == 80)
        && (rest == 10 ? 1 : rest) == c.digit(12);
  }

  static boolean egn(Candidate c) {
    int month = c.two(2);
    int rest = weighted(c, 0, 2, 4, 8, 5, 10, 9, 7, 3, 6) % 11;
    return date(month > 40 ? month - 40 : month > 20 ? month - 20 : month, c.two(4))
        && rest % 10 == c.digit(9);
  }

  static boolean afm(Candidate c) {
    int sum = weighted(c, 0, 256, 128, 64, 32, 16, 8, 4, 2);
    return sum % 11 % 10 == c.digit(8) && !c.repeats();
  }

  static boolean baltic(Candidate c) {
    int rest = weighted(c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1) % 11;
    if (rest == 10) {
      rest = weighted(c, 0, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3) % 11;
    }
    return c.digit(0) >= 1 && Checks.monthDay(c, 3) && rest % 10 == c.digit(10);
  }

  /// Those of today begin with 32 and have no date.
  static boolean kods(Candidate c) {
    if (c.has(0, "32")) {
      return true;
    }
    int sum = weighted(c, 0, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2);
    return Checks.dayMonth(c, 0) && (1101 - sum) % 11 == c.digit(10);
  }

  static boolean snils(Candidate c) {
    int sum = weighted(c, 0, 9, 8, 7, 6, 5, 4, 3, 2, 1);
    return sum % 101 % 100 == c.two(9) && !c.repeats();
  }

  static boolean inn(Candidate c) {
    if (c.length() == 10) {
      return weighted(c, 0, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10 == c.digit(9);
    }
    int first = weighted(c, 0, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10;
    int second = weighted(c, 0, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10;
    return first == c.digit(10) && second == c.digit(11);
  }

  static boolean rnokpp(Candidate c) {
    int sum = weighted(c, 0, -1, 5, 7, 9, 4, 6, 10, 5, 7);
    return Math.floorMod(sum, 11) % 10 == c.digit(9) && !c.repeats();
  }

  static boolean iin(Candidate c) {
    int rest = weighted(c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) % 11;
    if (rest == 10) {
      rest = weighted(c, 0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2) % 11;
    }
    return Checks.monthDay(c, 2) && rest == c.digit(11);
  }

  static boolean tckn(Candidate c) {
    int odd = c.digit(0) + c.digit(2) + c.digit(4) + c.digit(6) + c.digit(8);
    int even = c.digit(1) + c.digit(3) + c.digit(5) + c.digit(7);
    return c.digit(0) != 0
        && Math.floorMod(7 * odd - even, 10) == c.digit(9)
        && (odd + even + c.digit(9)) % 10 == c.digit(10);
  }

  static boolean southAfrican(Candidate c) {
    return Checks.monthDay(c, 2) && c.digit(10) <= 2 && luhn(c);
  }
}
