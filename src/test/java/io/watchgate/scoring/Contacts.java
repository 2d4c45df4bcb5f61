package io.watchgate.scoring;

import io.watchgate.scoring.Kinds.Kind;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Makes personal data without check digits, with the words by which people call it.
final class Contacts {
  private static final List<String> NAMES =
      List.of("jane", "john.doe", "m_mueller", "o'neil", "anna+news", "li.wei", "x9", "j-p");
  private static final List<String> DOMAINS =
      List.of("example.com", "mail.example.co.uk", "web.de", "acme-corp.io", "uni.edu", "gov.br");
  private static final List<String> PHONES =
      List.of(
          "(2##) 2##-####",
          "2##-2##-####",
          "2##.2##.####",
          "2## 2## ####",
          "+1 2## 2## ####",
          "1-2##-2##-####",
          "+1-2##-2##-####",
          "+1 (2##) 2##-####",
          "001-2##-2##-####",
          "2##-2##-####x###",
          "(2##)2##-####x####",
          "2##.2##.#### ext. ##",
          "+12##2######",
          "+44 20 7946 0###",
          "+44 (0)20 7946 0###",
          "020 7946 0###",
          "(020) 7946 0###",
          "07700 900###",
          "0161 496 0###",
          "+447700900###",
          "+49 30 901820##",
          "030 901820##",
          "0151 2345####",
          "+49 (0)151 2345####",
          "+33 1 42 68 53 ##",
          "01 42 68 53 ##",
          "06 12 34 ## ##",
          "+39 06 698 #####",
          "+34 912 34 56 ##",
          "+41 44 668 18 ##",
          "044 668 18 ##",
          "+31 20 794 0###",
          "020 794 0###",
          "+46 8 123 4## ##",
          "+61 2 5550 ####",
          "+91 98765 #####",
          "+81 3 1234 ####",
          "03-1234-####");
  private static final List<String> TOLD_PHONES =
      List.of("2##2######", "2##-####", "02079460###", "912 345 6##", "45 67 ## ##", "98765#####");

  private final RandomGenerator random;
  private final Digits digits;

  Contacts(RandomGenerator random) {
    this.random = random;
    digits = new Digits(random);
  }

  List<Kind> kinds() {
    return List.of(
        kind("email", true, "email|E-Mail|mail|correo", this::email),
        kind("phone", true, "phone|Tel.|Telefon|téléphone|mobile", () -> digits.of(any(PHONES))),
        kind("phone", false, "phone|tel|mobile|Handy", () -> digits.of(any(TOLD_PHONES))),
        kind("ip_address", true, "IP|client|host|remote_addr", this::version4),
        kind("ip_address", true, "IP|client|host|remote_addr", this::version6),
        kind("us_ssn", true, "SSN|social security number|ssn", () -> ssn("-")),
        kind("us_ssn", false, "SSN|social security number|ssn", () -> ssn("")),
        kind("uk_nino", true, "NI number|National Insurance|NINO", this::nino),
        kind("in_pan", true, "PAN|PAN card", () -> digits.of("@@@P@12##@")),
        kind("kr_rrn", true, "주민등록번호|RRN", () -> digits.of("##m-1######")),
        kind("date_of_birth", false, "date of birth|DOB|born|Geburtsdatum|né le", this::birth),
        kind("passport", false, "passport no|Reisepass|passeport|passport", this::passport),
        kind(
            "driving_licence",
            false,
            "driver's license|driving licence|Führerschein",
            this::licence));
  }

  private static Kind kind(String type, boolean alone, String names, Supplier<String> value) {
    return new Kind(type, false, alone, List.of(names.split("\\|", -1)), value);
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private String email() {
    return any(NAMES) + (random.nextBoolean() ? random.nextInt(100) : "") + "@" + any(DOMAINS);
  }

  private String version4() {
    return "%d.%d.%d.%d"
        .formatted(
            1 + random.nextInt(223), random.nextInt(256), random.nextInt(256), random.nextInt(256));
  }

  private String version6() {
    return switch (random.nextInt(5)) {
      case 0 -> "2001:db8::%x".formatted(1 + random.nextInt(60000));
      case 1 -> "fe80::%x:%x%%eth0".formatted(random.nextInt(65536), 4096 + random.nextInt(60000));
      case 2 -> "::ffff:" + version4();
      case 3 -> "2a00:1450:%x:80c::200e".formatted(4096 + random.nextInt(60000));
      default ->
          "2001:0db8:%04x:0000:%04x:8a2e:0370:7334"
              .formatted(random.nextInt(65536), random.nextInt(65536));
    };
  }

  private String ssn(String dash) {
    return "%03d%s%02d%s%04d"
        .formatted(
            1 + random.nextInt(665), dash, 1 + random.nextInt(99), dash, 1 + random.nextInt(9999));
  }

  private String nino() {
    var number = digits.of("AB######") + "ABCD".charAt(random.nextInt(4));
    return random.nextBoolean() ? number : Digits.grouped(number, "2 2 2 2 ");
  }

  private String birth() {
    int day = 1 + random.nextInt(28);
    int month = 1 + random.nextInt(12);
    int year = 1930 + random.nextInt(80);
    var names =
        List.of(
            "January",
            "Feb",
            "März",
            "avril",
            "May",
            "June",
            "Juli",
            "août",
            "Sept",
            "octubre",
            "November",
            "Dec");
    return switch (random.nextInt(6)) {
      case 0 -> "%02d/%02d/%d".formatted(month, day, year);
      case 1 -> "%02d.%02d.%d".formatted(day, month, year);
      case 2 -> "%d-%02d-%02d".formatted(year, month, day);
      case 3 -> "%d %s %d".formatted(day, names.get(month - 1), year);
      case 4 -> "%s %d, %d".formatted(names.get(month - 1), day, year);
      default -> "%d-%d-%d".formatted(day, month, year);
    };
  }

  private String passport() {
    return digits.of(any(List.of("#########", "@########", "@@#######", "C##X##T##")));
  }

  private String licence() {
    return digits.of(any(List.of("@#######", "@###-####-####", "########", "@############")));
  }
}
