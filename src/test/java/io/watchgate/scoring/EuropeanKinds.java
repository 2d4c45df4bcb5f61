package io.watchgate.scoring;

import static io.watchgate.scoring.Digits.eleven;
import static io.watchgate.scoring.Digits.sum;

import java.util.random.RandomGenerator;

/// The ids of the west of Europe and around the Mediterranean.
final class EuropeanKinds {
  private final Kinds kinds;
  private final RandomGenerator random;
  private final Digits digits;

  EuropeanKinds(Kinds kinds) {
    this.kinds = kinds;
    random = kinds.random();
    digits = kinds.digits();
  }

  /// Adds all of them.
  void add() {
    northern();
    western();
    southern();
  }

  private void northern() {
    kinds.near(
        "uk_nhs",
        "NHS number|NHS no|nhs_number",
        () ->
            kinds.either(
                digits.checked("9########", b -> eleven(sum(b, 10, 9, 8, 7, 6, 5, 4, 3, 2), -1)),
                "3 3 4",
                "3-3-4"));
    kinds.alone("ie_pps", "PPS number|PPSN|pps", this::pps);
    kinds.alone(
        "se_personnummer",
        "personnummer|Personnr",
        () -> kinds.always(digits.checked("##m###", Digits::luhn), "6-4"));
    kinds.alone("no_fodselsnummer", "fødselsnummer|fnr", this::fodselsnummer);
    kinds.alone(
        "dk_cpr",
        "CPR|cpr-nummer|CPR nr",
        () ->
            kinds.always(
                digits.checked("d#####", b -> eleven(sum(b, 4, 3, 2, 7, 6, 5, 4, 3, 2), -1)),
                "6-4"));
    kinds.alone("fi_hetu", "henkilötunnus|hetu|HETU", this::hetu);
  }

  private String pps() {
    var body = digits.of("#######");
    return body + "WABCDEFGHIJKLMNOPQRSTUV".charAt(sum(body, 8, 7, 6, 5, 4, 3, 2) % 23);
  }

  private String fodselsnummer() {
    var first = digits.checked("d#####", b -> eleven(sum(b, 3, 7, 6, 1, 8, 9, 4, 5, 2), -1));
    int second = eleven(sum(first, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2), -1);
    return second < 0 ? fodselsnummer() : kinds.either(first + second, "6 5");
  }

  private String hetu() {
    var date = digits.of("d##");
    var serial = digits.of("###");
    int rest = Integer.parseInt(date + serial) % 31;
    var sign = random.nextBoolean() ? "-" : "A";
    return date + sign + serial + "0123456789ABCDEFHJKLMNPRSTUVWXY".charAt(rest);
  }

  private void western() {
    kinds.near(
        "de_steuer_id", "Steuer-ID|Steueridentifikationsnummer|IdNr|steuer_id", this::steuerId);
    kinds.near("at_svnr", "SVNR|Sozialversicherungsnummer|SV-Nummer", this::svnr);
    kinds.alone(
        "ch_ahv",
        "AHV-Nummer|AHV|numéro AVS",
        () -> kinds.either(digits.checked("756#########", Digits::ean), "3.4.4.2"));
    kinds.alone("fr_nir", "NIR|numéro de sécurité sociale|INSEE", this::nir);
    kinds.near(
        "nl_bsn",
        "BSN|burgerservicenummer|bsn",
        () -> digits.checked("%#######", b -> sum(b, 9, 8, 7, 6, 5, 4, 3, 2) % 11));
    kinds.alone(
        "be_rijksregister", "rijksregisternummer|numéro national|INSZ", this::rijksregister);
  }

  private String steuerId() {
    while (true) {
      var number = digits.checked("%#########", Digits::mod11And10);
      var seen = number.substring(0, 10).chars().distinct().count();
      boolean twice = seen == 9;
      boolean thrice =
          seen == 8
              && number
                  .substring(0, 10)
                  .chars()
                  .anyMatch(c ->
                      number.substring(0, 10).chars().filter(other -> other == c).count() == 3);
      if (twice || thrice) {
        return kinds.either(number, "2 3 3 3");
      }
    }
  }

  private String svnr() {
    while (true) {
      var serial = digits.of("%##");
      var date = digits.of("d##");
      int check = (sum(serial, 3, 7, 9) + sum(date, 5, 8, 4, 2, 1, 6)) % 11;
      if (check < 10) {
        return kinds.either(serial + check + date, "4 6");
      }
    }
  }

  private String nir() {
    var body =
        (random.nextBoolean() ? "1" : "2")
            + digits.of("##")
            + "%02d".formatted(1 + random.nextInt(12))
            + "%02d".formatted(1 + random.nextInt(95))
            + digits.of("######");
    return kinds.either(
        body + "%02d".formatted(97 - Long.parseLong(body) % 97), "1 2 2 2 3 3 2", "9");
  }

  private String rijksregister() {
    var body = digits.of("##m###");
    boolean young = Integer.parseInt(body.substring(0, 2)) < 20;
    long check = 97 - Long.parseLong((young ? "2" : "") + body) % 97;
    return kinds.either(body + "%02d".formatted(check), "2.2.2-3.2");
  }

  private void southern() {
    kinds.alone("es_dni", "DNI|NIF|NIE", this::dni);
    kinds.near(
        "pt_nif",
        "NIF|número de contribuinte|contribuinte",
        () -> digits.checked("2#######", b -> eleven(sum(b, 9, 8, 7, 6, 5, 4, 3, 2), 0)));
    kinds.alone("it_codice_fiscale", "codice fiscale|C.F.|cf", this::codiceFiscale);
    kinds.near(
        "it_partita_iva",
        "partita IVA|P. IVA|piva",
        () -> digits.checked("%#########", Digits::luhn));
    kinds.near(
        "gr_afm",
        "ΑΦΜ|AFM|afm",
        () -> digits.checked("%#######", b -> sum(b, 256, 128, 64, 32, 16, 8, 4, 2) % 11 % 10));
    kinds.near("gr_amka", "ΑΜΚΑ|AMKA", () -> digits.checked("d######", Digits::luhn));
    kinds.near("il_tz", "תעודת זהות|teudat zehut", () -> digits.checked("%#######", Digits::luhn));
    kinds.near("tr_tckn", "TCKN|TC kimlik no|kimlik numarası", this::tckn);
  }

  private String dni() {
    int first = random.nextInt(11);
    var rest = digits.of("#######");
    var number = (first > 7 ? first - 8 : first) + rest;
    char check = "TRWAGMYFPDXBNJZSQVHLCKE".charAt(Integer.parseInt(number) % 23);
    return (first > 7 ? "XYZ".charAt(first - 8) : Character.forDigit(first, 10)) + rest + check;
  }

  private String codiceFiscale() {
    var body =
        digits.of("@@@@@@##")
            + "ABCDEHLMPRST".charAt(random.nextInt(12))
            + "%02d".formatted(1 + random.nextInt(28))
            + digits.of("@###");
    var odd =
        new int[] {
          1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
          23
        };
    int sum = 0;
    for (int i = 0; i < 15; i++) {
      char c = body.charAt(i);
      int value = Character.isDigit(c) ? c - '0' : c - 'A';
      sum += i % 2 == 0 ? odd[value] : value;
    }
    return body + (char) ('A' + sum % 26);
  }

  private String tckn() {
    var b = digits.of("%########");
    int tenth =
        Math.floorMod(7 * sum(b, 1, 0, 1, 0, 1, 0, 1, 0, 1) - sum(b, 0, 1, 0, 1, 0, 1, 0, 1), 10);
    int all = b.chars().map(c -> c - '0').sum() + tenth;
    return b + tenth + all % 10;
  }
}
