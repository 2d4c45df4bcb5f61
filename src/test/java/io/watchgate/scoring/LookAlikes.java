package io.watchgate.scoring;

import java.util.List;
import java.util.random.RandomGenerator;

/// Makes texts with what looks like personal data and is none.
final class LookAlikes {
  private static final List<String> PATTERNS =
      List.of(
          "order number ##########",
          "Order #112-#######-#######",
          "invoice INV-2026-0####",
          "tracking 1Z999AA10########",
          "FedEx ############",
          "sku ##-#####-##",
          "case ########",
          "version 1.2.#.#",
          "build 10.0.#.##",
          "lib-2.#.#.#.jar",
          "Chrome/120.0.6099.1##",
          "pip install foo==1.2.3.#",
          "see section 3.#.#.#",
          "1.3.6.1.4.1.####.#",
          "v1.#.3.4",
          "170#######",
          "ts=17########123",
          "17########123456",
          "17########123456789",
          "2026-1#-0#T12:3#:5#.123Z",
          "12:3#:5#",
          "took ### ms of #### ms",
          "1 2#3 456 7#9",
          "1.234.#67,89 EUR",
          "$1,234,567.8#",
          "lat 52.52####, lon 13.40####",
          "-33.86####,151.20####",
          "ISBN 978-3-16-14841#-#",
          "ISBN 97831614841##",
          "EAN 400638133####",
          "page 12#-13#",
          "range 1000-2000",
          "@@ -12#,7 +12#,9 @@",
          "0x7fff5fbff###",
          "#e8d4c2b1a0f9e8d",
          "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a0#",
          "commit 4f1c2e#a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e",
          "std::map<int>::iterator",
          "a::b",
          "00:1#:00",
          "12:34:56:7#",
          "ratio 16:9",
          "port 808#-809#",
          "user@localhost",
          "@types/node",
          "npm i lodash@4.17.2#",
          "icon@2x.png",
          "git@github.com:a/b#.git",
          "x = 3.14159265358#",
          "#### #### ####",
          "1#.#.2026 um 10:00",
          "Q3-2026-#####",
          "AB-######",
          "ID: ######",
          "row 1000#######",
          "#.##e-10",
          "## % of ######",
          "[1, 2#, 3##, 4###, 5####]",
          "PR-######: fix",
          "RFC 82#9",
          "temperature 2#.5 C",
          "room 4##",
          "64#MB",
          "3##-5##",
          "rgb(12#,3#,4#)",
          "width=12##;height=7##",
          "S3E0# at 20.1#",
          "Nr. ####/2026",
          "1#.5.2026 - 2#.5.2026",
          "model XR-#########",
          "batch 20261127####",
          "request_id: ############",
          "id=#########",
          "pid ##### tid ########");

  private final RandomGenerator random;
  private final Digits digits;

  LookAlikes(RandomGenerator random) {
    this.random = random;
    digits = new Digits(random);
  }

  String next() {
    return switch (random.nextInt(10)) {
      case 0 -> "%s-%s-4%s-a%s-%s".formatted(hex(8), hex(4), hex(3), hex(3), hex(12));
      case 1 -> failingCard();
      case 2 -> digits.checked("400638######", Digits::ean);
      case 3 -> hex(random.nextInt(3) == 0 ? 64 : 40);
      default -> "%s, fine".formatted(pattern());
    };
  }

  private String pattern() {
    var pattern = PATTERNS.get(random.nextInt(PATTERNS.size()));
    var made = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      made.append(c == '#' ? (char) ('0' + random.nextInt(10)) : c);
    }
    return made.toString();
  }

  private String failingCard() {
    var body = digits.of("4##############");
    var number = body + (Digits.luhn(body) + 1 + random.nextInt(8)) % 10;
    return random.nextBoolean() ? number : Digits.grouped(number, "4 4 4");
  }

  private String hex(int length) {
    var hex = new StringBuilder();
    for (int i = 0; i < length; i++) {
      hex.append(Character.forDigit(random.nextInt(16), 16));
    }
    return hex.toString();
  }
}
