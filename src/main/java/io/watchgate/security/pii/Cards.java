package io.watchgate.security.pii;

import static io.watchgate.security.pii.Topic.bits;

import java.util.ArrayList;

/// Payment cards, by the prefixes and lengths of their brands, and bank accounts by IBAN.
final class Cards {
  /// Lengths of IBANs by country.
  private static final String IBAN_LENGTHS =
      "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24"
          + "FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20"
          + "LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28"
          + "PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22"
          + "VG24XK20YE30";

  private static final byte[] LENGTHS = lengths();

  private Cards() {}

  static void add(Forms.Builder forms) {
    forms
        .digits("credit_card", bits(Topic.CARD), Cards::card)
        .alone(
            0.9,
            "14",
            "15",
            "16",
            "19",
            "4 4 4 4",
            "4-4-4-4",
            "4.4.4.4",
            "4 6 5",
            "4-6-5",
            "4 6 4",
            "4-6-4",
            "4 4 4 4 3",
            "4-4-4-4-3",
            "6 13",
            "8 8")
        .near("12", "13", "17", "18", "4 4 4", "4-4-4", "4 4 5", "4 4 4 3", "4-4-4-3", "4 4 4 1");
    forms
        .digits("credit_card", bits(Topic.CARD), c -> card(c) && !Checks.ean(c))
        .alone(Forms.WEAK, "12", "13");
    forms.lettered("iban", 0, Cards::iban).alone(0.99, ibans());
  }

  static boolean card(Candidate c) {
    return isOfBrand(c) && Checks.luhn(c) && !c.has(1, "00000000");
  }

  private static boolean isOfBrand(Candidate c) {
    int length = c.length();
    int four = (int) c.number(0, 4);
    int two = four / 100;
    int three = four / 10;
    if (two / 10 == 4) {
      return length == 13 || length == 16 || length == 19;
    }
    if (two == 34 || two == 37) {
      return length == 15;
    }
    if (two == 36 || two == 38 || two == 39 || (three >= 300 && three <= 305) || four == 3095) {
      return length >= 14 && length != 15;
    }
    if ((four >= 3528 && four <= 3589) || four == 2131 || four == 1800 || isOldJcb(four)) {
      return length >= 15;
    }
    if ((two >= 51 && two <= 55)
        || (four >= 2221 && four <= 2720)
        || (four >= 2200 && four <= 2204)) {
      return length == 16 || (four < 2221 && length > 16);
    }
    return two == 50 || four == 604 || (two >= 56 && two <= 69) || (two == 81 && length >= 16);
  }

  private static boolean isOldJcb(int four) {
    return (four >= 3088 && four <= 3102 && four != 3095)
        || (four >= 3112 && four <= 3120)
        || four == 3158
        || four == 3159
        || (four >= 3337 && four <= 3349);
  }

  static boolean iban(Candidate c) {
    return c.letters(0, 2)
        && c.digits(2, 4)
        && LENGTHS[26 * (c.at(0) - 'A') + c.at(1) - 'A'] == c.length()
        && Checks.mod97(c, 4) == 1;
  }

  private static String[] ibans() {
    var shapes = new ArrayList<String>();
    for (int length = 15; length <= 33; length++) {
      var rest = length % 4 == 0 ? "" : "%s" + length % 4;
      var grouped = "4" + "%s4".repeat(length / 4 - 1) + rest;
      shapes.add(Integer.toString(length));
      shapes.add(grouped.replace("%s", " "));
      shapes.add(grouped.replace("%s", "-"));
    }
    return shapes.toArray(String[]::new);
  }

  private static byte[] lengths() {
    var lengths = new byte[26 * 26];
    for (int i = 0; i < IBAN_LENGTHS.length(); i += 4) {
      int country = 26 * (IBAN_LENGTHS.charAt(i) - 'A') + IBAN_LENGTHS.charAt(i + 1) - 'A';
      lengths[country] = Byte.parseByte(IBAN_LENGTHS.substring(i + 2, i + 4));
    }
    return lengths;
  }
}
