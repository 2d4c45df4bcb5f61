package io.watchgate.security.pii;

import static io.watchgate.security.pii.Checks.dayMonth;
import static io.watchgate.security.pii.Checks.elevenMinus;
import static io.watchgate.security.pii.Checks.luhn;
import static io.watchgate.security.pii.Checks.weighted;
import static io.watchgate.security.pii.Topic.bits;

/// The numbers by which the countries of western and northern Europe know a person.
final class EuropeanIds {
  /// What a check is worth that few numbers pass by chance.
  private static final double STRONG = 0.78;

  private static final String SPANISH_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";
  private static final String FINNISH_LETTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY";
  private static final String IRISH_LETTERS = "WABCDEFGHIJKLMNOPQRSTUV";

  /// What the letters at the odd places of an Italian code count, in the order of the alphabet.
  private static final int[] ITALIAN_ODD = {
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
  };

  private EuropeanIds() {}

  static void add(Forms.Builder forms) {
    forms
        .lettered("uk_nino", bits(Topic.GB), EuropeanIds::nino)
        .alone("9", "2 2 2 2 1", "2-2-2-2-1", "2 6 1", "2 2 2 3", "2 7");
    forms
        .digits("uk_nhs", bits(Topic.HEALTH, Topic.GB), EuropeanIds::nhs)
        .near("10", "3 3 4", "3-3-4");
    forms.digits("uk_utr", bits(Topic.GB), EuropeanIds::utr).near("10", "5 5");
    forms.mixed("ie_pps", bits(Topic.IE), EuropeanIds::pps).alone("8", "9", "7 1", "7 2");
    forms.digits("de_steuer_id", bits(Topic.DE), EuropeanIds::steuerId).near("11").alone("2 3 3 3");
    forms
        .mixed("de_sozialversicherung", bits(Topic.DE), EuropeanIds::sozialversicherung)
        .alone("12", "2 6 1 3");
    forms.digits("at_svnr", bits(Topic.AT, Topic.DE), EuropeanIds::svnr).near("10", "4 6", "4-6");
    forms
        .digits("ch_ahv", bits(Topic.CH), c -> c.has(0, "756") && Checks.ean(c))
        .alone("13", "3.4.4.2", "3 4 4 2");
    forms.mixed("fr_nir", bits(Topic.FR), EuropeanIds::nir).alone("15", "13 2", "1 2 2 2 3 3 2");
    forms
        .mixed("es_dni", bits(Topic.ES), EuropeanIds::dni)
        .alone("9", "8-1", "8 1", "2.3.3-1", "2.3.3.1", "1-8", "1-7-1");
    forms.lettered("es_cif", bits(Topic.ES), EuropeanIds::cif).near("9", "1-8");
    forms.digits("pt_nif", bits(Topic.PT), EuropeanIds::portugueseNif).near("9", "3 3 3");
    forms
        .lettered("it_codice_fiscale", bits(Topic.IT), EuropeanIds::codiceFiscale)
        .alone("16", "3 3 5 5");
    forms.digits("it_partita_iva", bits(Topic.IT), c -> luhn(c) && !c.repeats()).near("11");
    forms.digits("nl_bsn", bits(Topic.NL), EuropeanIds::bsn).near("9", "4.2.3", "4 2 3", "3 3 3");
    forms
        .digits("be_rijksregister", bits(Topic.BE), EuropeanIds::rijksregister)
        .alone("11", "2.2.2-3.2", "6-3-2", "6 3 2", "2 2 2 3 2");
    forms
        .digits("se_personnummer", bits(Topic.SE), EuropeanIds::personnummer)
        .near("10", "12", "6 4", "8 4")
        .alone("6-4", "8-4", "6+4");
    forms
        .digits("no_fodselsnummer", bits(Topic.NO), EuropeanIds::fodselsnummer)
        .alone(STRONG, "11", "6 5", "6-5");
    forms.digits("dk_cpr", bits(Topic.DK), c -> dayMonth(c, 0)).near("10", "6-4", "6 4");
    forms.digits("dk_cpr", bits(Topic.DK), EuropeanIds::checkedCpr).alone(STRONG, "6-4");
    forms.mixed("fi_hetu", bits(Topic.FI), EuropeanIds::hetu).alone(STRONG, "6-4", "11", "6+4");
  }

  static boolean nino(Candidate c) {
    if (!c.letters(0, 2) || !c.digits(2, 8) || c.last() < 'A' || c.last() > 'D') {
      return false;
    }
    char first = c.at(0);
    char second = c.at(1);
    boolean given = "DFIQUV".indexOf(first) < 0 && "DFIOQUV".indexOf(second) < 0;
    return given
        && !c.has(0, "BG")
        && !c.has(0, "GB")
        && !c.has(0, "KN")
        && !c.has(0, "NK")
        && !c.has(0, "NT")
        && !c.has(0, "TN")
        && !c.has(0, "ZZ");
  }

  static boolean nhs(Candidate c) {
    int check = elevenMinus(weighted(c, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2));
    return check == c.digit(9) && !c.repeats();
  }

  static boolean utr(Candidate c) {
    int rest = weighted(c, 1, 6, 7, 8, 9, 10, 5, 4, 3, 2) % 11;
    return "21987654321".charAt(rest) == c.at(0);
  }

  static boolean pps(Candidate c) {
    if (!c.digits(0, 7) || !c.letters(7, c.length())) {
      return false;
    }
    int sum = weighted(c, 0, 8, 7, 6, 5, 4, 3, 2);
    if (c.length() == 9) {
      char second = c.at(8);
      if (second != 'W' && second > 'I') {
        return false;
      }
      sum += second == 'W' ? 0 : 9 * (second - 'A' + 1);
    }
    return c.at(7) == IRISH_LETTERS.charAt(sum % 23);
  }

  /// Of the first ten digits one comes twice or three times.
  static boolean steuerId(Candidate c) {
    if (c.digit(0) == 0 || !Checks.mod11And10(c)) {
      return false;
    }
    int seen = 0;
    var counts = new int[10];
    int most = 0;
    for (int i = 0; i < 10; i++) {
      int digit = c.digit(i);
      seen |= 1 << digit;
      most = Math.max(most, ++counts[digit]);
    }
    return (Integer.bitCount(seen) == 9 && most == 2) || (Integer.bitCount(seen) == 8 && most <= 3);
  }

  static boolean sozialversicherung(Candidate c) {
    if (!c.digits(0, 8) || !c.isLetter(8) || !c.digits(9, 12) || !dayMonth(c, 2)) {
      return false;
    }
    int letter = c.value(8) - 9;
    var weights = new int[] {2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1};
    int sum = 0;
    for (int i = 0; i < 12; i++) {
      int digit = i < 8 ? c.digit(i) : i == 8 ? letter / 10 : i == 9 ? letter % 10 : c.digit(i - 1);
      int product = digit * weights[i];
      sum += product / 10 + product % 10;
    }
    return sum % 10 == c.digit(11);
  }

  static boolean svnr(Candidate c) {
    int sum = weighted(c, 0, 3, 7, 9, 0, 5, 8, 4, 2, 1, 6);
    return sum % 11 == c.digit(3) && c.digit(0) != 0 && c.two(4) <= 31 && c.two(6) <= 15;
  }

  /// Corsica has letters where the department is.
  static boolean nir(Candidate c) {
    boolean corsica = c.at(5) == '2' && (c.at(6) == 'A' || c.at(6) == 'B');
    if (!c.digits(0, 6) || (!corsica && !c.digits(6, 7)) || !c.digits(7, 15)) {
      return false;
    }
    int month = c.two(3);
    if ("123478".indexOf(c.at(0)) < 0 || month == 0 || (month > 12 && month < 20)) {
      return false;
    }
    long number = corsica ? c.number(0, 6) * 10_000_000 + c.number(7, 13) : c.number(0, 13);
    long less = !corsica ? 0 : c.at(6) == 'A' ? 1_000_000 : 2_000_000;
    return 97 - (number - less) % 97 == c.two(13);
  }

  /// Eight digits and a letter; foreigners have a letter in the place of the first digit.
  static boolean dni(Candidate c) {
    if (c.length() != 9 || !c.digits(1, 8) || !c.isLetter(8)) {
      return false;
    }
    int first = "XYZ".indexOf(c.at(0));
    if (first < 0 && !Reading.isDigit(c.at(0))) {
      return false;
    }
    long number = first < 0 ? c.number(0, 8) : first * 10_000_000L + c.number(1, 8);
    return c.at(8) == SPANISH_LETTERS.charAt((int) (number % 23));
  }

  static boolean cif(Candidate c) {
    if ("ABCDEFGHJNPQRSUVW".indexOf(c.at(0)) < 0 || !c.digits(1, 8)) {
      return false;
    }
    int sum = 0;
    for (int i = 1; i < 8; i++) {
      int digit = c.digit(i);
      sum += i % 2 == 0 ? digit : 2 * digit / 10 + 2 * digit % 10;
    }
    int check = (10 - sum % 10) % 10;
    return c.at(8) == '0' + check || c.at(8) == "JABCDEFGHI".charAt(check);
  }

  static boolean portugueseNif(Candidate c) {
    int check = elevenMinus(weighted(c, 0, 9, 8, 7, 6, 5, 4, 3, 2));
    return check % 10 == c.digit(8) && "1235689".indexOf(c.at(0)) >= 0;
  }

  /// Digits may be written as letters, so that no two people have the same code.
  static boolean codiceFiscale(Candidate c) {
    if (!c.letters(0, 6) || !c.isLetter(8) || !c.isLetter(11) || !c.isLetter(15)) {
      return false;
    }
    if ("ABCDEHLMPRST".indexOf(c.at(8)) < 0) {
      return false;
    }
    int digits = 0;
    int sum = 0;
    for (int i = 0; i < 15; i++) {
      boolean digit = Reading.isDigit(c.at(i));
      digits += digit ? 1 : 0;
      int value = digit ? c.digit(i) : c.at(i) - 'A';
      sum += i % 2 == 0 ? ITALIAN_ODD[value] : value;
    }
    return digits >= 2 && c.at(15) == 'A' + sum % 26;
  }

  static boolean bsn(Candidate c) {
    return weighted(c, 0, 9, 8, 7, 6, 5, 4, 3, 2, -1) % 11 == 0 && !c.repeats();
  }

  static boolean rijksregister(Candidate c) {
    if (c.two(2) > 12 || c.two(4) > 31) {
      return false;
    }
    long number = c.number(0, 9);
    int check = c.two(9);
    return check == 97 - number % 97 || check == 97 - (2_000_000_000L + number) % 97;
  }

  /// The day is 60 more for those who only stay for a while.
  static boolean personnummer(Candidate c) {
    int at = c.length() - 10;
    if (at == 2 && c.two(0) != 19 && c.two(0) != 20) {
      return false;
    }
    int day = c.two(at + 4);
    return Checks.date(c.two(at + 2), day > 60 ? day - 60 : day) && luhn(c, at, c.length());
  }

  static boolean fodselsnummer(Candidate c) {
    int day = c.two(0) % 40;
    int month = c.two(2) % 40;
    int first = elevenMinus(weighted(c, 0, 3, 7, 6, 1, 8, 9, 4, 5, 2));
    int second = elevenMinus(weighted(c, 0, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2));
    return Checks.date(month, day) && first == c.digit(9) && second == c.digit(10);
  }

  /// Since 2007 some are given out that do not add up; those only count in context.
  static boolean checkedCpr(Candidate c) {
    return dayMonth(c, 0) && weighted(c, 0, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;
  }

  static boolean hetu(Candidate c) {
    int serial = c.length() == 11 ? 7 : 6;
    if (!c.digits(0, 6) || !c.digits(serial, serial + 3) || !dayMonth(c, 0)) {
      return false;
    }
    if (serial == 7 && "ABCDEFUVWXY".indexOf(c.at(6)) < 0) {
      return false;
    }
    long number = c.number(0, 6) * 1000 + c.number(serial, serial + 3);
    return c.last() == FINNISH_LETTERS.charAt((int) (number % 31));
  }
}
