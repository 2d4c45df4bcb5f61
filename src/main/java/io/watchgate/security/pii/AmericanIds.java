package io.watchgate.security.pii;

import static io.watchgate.security.pii.Checks.elevenMinus;
import static io.watchgate.security.pii.Checks.luhn;
import static io.watchgate.security.pii.Checks.weighted;
import static io.watchgate.security.pii.Topic.bits;

/// The numbers by which the countries of America know a person.
final class AmericanIds {
  private static final String CURP_CHARACTERS = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ";
  private static final String RFC_CHARACTERS = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ";

  private AmericanIds() {}

  static void add(Forms.Builder forms) {
    forms
        .digits("us_ssn", bits(Topic.US), AmericanIds::ssn)
        .near("9", "3.2.4")
        .alone("3-2-4", "3 2 4");
    forms.digits("us_itin", bits(Topic.US), AmericanIds::itin).near("9").alone("3-2-4", "3 2 4");
    forms.digits("us_ein", bits(Topic.US), c -> !c.repeats()).near("2-7");
    forms.mixed("us_mbi", bits(Topic.US), AmericanIds::mbi).alone("4-3-4").near("11");
    forms
        .digits("ca_sin", bits(Topic.CA), AmericanIds::sin)
        .near("9", "3 3 3", "3.3.3")
        .alone("3-3-3");
    forms.digits("br_cpf", bits(Topic.BR), AmericanIds::cpf).near("11", "9-2").alone("3.3.3-2");
    forms.digits("br_cnpj", bits(Topic.BR), AmericanIds::cnpj).near("14").alone("2.3.3/4-2");
    forms.digits("ar_cuit", bits(Topic.AR), AmericanIds::cuit).near("11", "2 8 1").alone("2-8-1");
    forms
        .mixed("cl_rut", bits(Topic.CL), AmericanIds::rut)
        .near("8-1", "7-1", "9", "8")
        .alone("2.3.3-1", "1.3.3-1");
    forms.lettered("mx_curp", bits(Topic.MX), AmericanIds::curp).alone("18");
    forms.lettered("mx_rfc", bits(Topic.MX), AmericanIds::rfc).alone("13", "4-6-3", "4 6 3");
  }

  static boolean ssn(Candidate c) {
    return !c.has(0, "000")
        && !c.has(0, "666")
        && c.digit(0) != 9
        && !c.has(3, "00")
        && !c.has(5, "0000")
        && !c.repeats();
  }

  static boolean itin(Candidate c) {
    int group = c.two(3);
    return c.digit(0) == 9
        && ((group >= 50 && group <= 65)
            || (group >= 70 && group <= 88)
            || (group >= 90 && group <= 92)
            || group >= 94);
  }

  /// Letters that could be taken for digits are never given out.
  static boolean mbi(Candidate c) {
    var kinds = "CAXNAXNAANN";
    for (int i = 0; i < 11; i++) {
      boolean digit = Reading.isDigit(c.at(i));
      boolean letter = c.isLetter(i) && "SLOIBZ".indexOf(c.at(i)) < 0;
      boolean right =
          switch (kinds.charAt(i)) {
            case 'C' -> digit && c.digit(i) > 0;
            case 'A' -> letter;
            case 'N' -> digit;
            default -> digit || letter;
          };
      if (!right) {
        return false;
      }
    }
    return true;
  }

  static boolean sin(Candidate c) {
    return c.digit(0) != 0 && c.digit(0) != 8 && luhn(c) && !c.repeats();
  }

  static boolean cpf(Candidate c) {
    int first = weighted(c, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2);
    int second = weighted(c, 0, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2);
    return elevenMinus(first) % 10 == c.digit(9)
        && elevenMinus(second) % 10 == c.digit(10)
        && !c.repeats();
  }

  static boolean cnpj(Candidate c) {
    int first = weighted(c, 0, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2);
    int second = weighted(c, 0, 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2);
    return elevenMinus(first) % 10 == c.digit(12)
        && elevenMinus(second) % 10 == c.digit(13)
        && !c.repeats();
  }

  static boolean cuit(Candidate c) {
    int kind = c.two(0);
    return ((kind >= 20 && kind <= 27) || kind == 30 || kind == 33 || kind == 34)
        && elevenMinus(weighted(c, 0, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) == c.digit(10);
  }

  static boolean rut(Candidate c) {
    int length = c.length() - 1;
    if (!c.digits(0, length)) {
      return false;
    }
    int sum = 0;
    for (int i = length - 1, weight = 2; i >= 0; i--, weight = weight == 7 ? 2 : weight + 1) {
      sum += weight * c.digit(i);
    }
    int check = elevenMinus(sum);
    return c.at(length) == (check == 10 ? 'K' : '0' + check);
  }

  static boolean curp(Candidate c) {
    if (!c.letters(0, 4) || !c.digits(4, 10) || !c.letters(10, 16) || !c.digits(17, 18)) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < 17; i++) {
      sum += (18 - i) * curpValue(c.at(i));
    }
    return "HMX".indexOf(c.at(10)) >= 0
        && Checks.monthDay(c, 6)
        && (10 - sum % 10) % 10 == c.digit(17);
  }

  /// In the alphabet of Spanish there is one more letter behind the N.
  private static int curpValue(char c) {
    return CURP_CHARACTERS.indexOf(c);
  }

  static boolean rfc(Candidate c) {
    if (!c.letters(0, 4) || !c.digits(4, 10) || !Checks.monthDay(c, 6)) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < 12; i++) {
      sum += (13 - i) * RFC_CHARACTERS.indexOf(c.at(i));
    }
    int check = elevenMinus(sum);
    return c.at(12) == (check == 10 ? 'A' : '0' + check);
  }
}
