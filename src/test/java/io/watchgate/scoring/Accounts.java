package io.watchgate.scoring;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/// Cards and bank accounts.
final class Accounts {
  private static final BigInteger NINETY_SEVEN = BigInteger.valueOf(97);

  private final Kinds kinds;
  private final RandomGenerator random;
  private final Digits digits;

  Accounts(Kinds kinds) {
    this.kinds = kinds;
    random = kinds.random();
    digits = kinds.digits();
  }

  /// Adds all of them.
  void add() {
    money();
  }

  private void money() {
    kinds.alone("credit_card", "card number|credit card|Visa|Kreditkarte|carte", this::card);
    kinds.alone("iban", "IBAN|account|Konto|compte|cuenta", this::iban);
  }

  private String card() {
    var brands =
        List.of(
            "4##############",
            "51#############",
            "55#############",
            "2221###########",
            "2720###########",
            "34############",
            "37############",
            "36###########",
            "305##########",
            "6011###########",
            "65#############",
            "3528###########",
            "3589###########",
            "62#############",
            "6200##############",
            "50#############",
            "6759###########",
            "4#################",
            "679###############");
    var brand = brands.get(random.nextInt(brands.size()));
    var number = digits.checked(brand, Digits::luhn);
    return switch (number.length()) {
      case 14 -> kinds.either(number, "4 6 4", "4-6-4");
      case 15 -> kinds.either(number, "4 6 5", "4-6-5");
      case 16 -> kinds.either(number, "4 4 4 4", "4-4-4-4");
      default -> number;
    };
  }

  private String iban() {
    var forms =
        List.of(
            "DE##################",
            "GB@@@@##############",
            "FR##########@@###########",
            "NL@@@@##########",
            "ES####################",
            "IT@######################",
            "CH#################",
            "AT################",
            "PL########################",
            "NO###########",
            "SE####################",
            "BE############",
            "MT@@@@#####@@@@@@@@@@@@@@@@@@",
            "SA####################",
            "TR######################",
            "AE###################");
    var form = forms.get(random.nextInt(forms.size()));
    var country = form.substring(0, 2);
    var account = digits.of(form.substring(2));
    int check = 98 - numeric(account + country + "00").mod(NINETY_SEVEN).intValue();
    var iban = country + "%02d".formatted(check) + account;
    return switch (random.nextInt(4)) {
      case 0 -> iban.replaceAll("(.{4})(?=.)", "$1 ");
      case 1 -> iban.toLowerCase(Locale.ROOT);
      default -> iban;
    };
  }

  private static BigInteger numeric(String text) {
    var number = new StringBuilder();
    text.chars().forEach(c -> number.append(Character.digit(c, 36)));
    return new BigInteger(number.toString());
  }
}
