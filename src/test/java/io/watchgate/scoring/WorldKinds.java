package io.watchgate.scoring;

import static io.watchgate.scoring.Digits.eleven;
import static io.watchgate.scoring.Digits.grouped;
import static io.watchgate.scoring.Digits.sum;

import java.util.random.RandomGenerator;

/// The ids of the rest of the world.
final class WorldKinds {
  private final Kinds kinds;
  private final RandomGenerator random;
  private final Digits digits;

  WorldKinds(Kinds kinds) {
    this.kinds = kinds;
    random = kinds.random();
    digits = kinds.digits();
  }

  /// Adds all of them.
  void add() {
    eastern();
    american();
    asian();
    pacific();
  }

  private void eastern() {
    kinds.near(
        "pl_pesel",
        "PESEL|numer PESEL|pesel",
        () ->
            digits.checked("##m####", b -> (10 - sum(b, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3) % 10) % 10));
    kinds.near(
        "ro_cnp",
        "CNP|cod numeric personal",
        () ->
            digits.checked(
                "1##m12###",
                b -> {
                  int rest = sum(b, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11;
                  return rest == 10 ? 1 : rest;
                }));
    kinds.near(
        "bg_egn",
        "ЕГН|EGN",
        () -> digits.checked("##m###", b -> sum(b, 2, 4, 8, 5, 10, 9, 7, 3, 6) % 11 % 10));
    kinds.alone(
        "cz_rodne_cislo",
        "rodné číslo|RČ",
        () -> kinds.always(digits.checked("##m###", b -> (int) (Long.parseLong(b) % 11)), "6/4"));
    kinds.near("hr_oib", "OIB|oib", () -> digits.checked("##########", Digits::mod11And10));
    kinds.alone(
        "ru_snils",
        "СНИЛС|SNILS",
        () -> {
          var body = digits.of("%########");
          int check = sum(body, 9, 8, 7, 6, 5, 4, 3, 2, 1) % 101 % 100;
          return grouped(body + "%02d".formatted(check), "3-3-3 2");
        });
    kinds.near(
        "ru_inn",
        "ИНН|INN",
        () -> {
          var first =
              digits.checked("##########", b -> sum(b, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10);
          return first + sum(first, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11 % 10;
        });
    kinds.near("za_id", "South African ID|RSA ID", () -> digits.checked("##m####08", Digits::luhn));
  }

  private void american() {
    kinds.alone(
        "ca_sin",
        "SIN|social insurance number|sin",
        () -> kinds.always(digits.checked("5#######", Digits::luhn), "3-3-3"));
    kinds.alone(
        "br_cpf",
        "CPF|cpf",
        () -> {
          var first =
              digits.checked("#########", b -> eleven(sum(b, 10, 9, 8, 7, 6, 5, 4, 3, 2), 0));
          return grouped(first + eleven(sum(first, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2), 0), "3.3.3-2");
        });
    kinds.alone(
        "br_cnpj",
        "CNPJ|cnpj",
        () -> {
          var first =
              digits.checked(
                  "########0001", b -> eleven(sum(b, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2), 0));
          int second = eleven(sum(first, 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2), 0);
          return grouped(first + second, "2.3.3/4-2");
        });
    kinds.alone(
        "ar_cuit",
        "CUIT|CUIL",
        () ->
            kinds.always(
                digits.checked("20########", b -> eleven(sum(b, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2), -1)),
                "2-8-1"));
    kinds.alone(
        "cl_rut",
        "RUT|rut",
        () -> {
          var body = digits.of("1#######");
          int check = 11 - sum(body, 3, 2, 7, 6, 5, 4, 3, 2) % 11;
          return grouped(body + (check == 11 ? "0" : check == 10 ? "K" : "" + check), "2.3.3-1");
        });
  }

  private void asian() {
    kinds.near(
        "in_aadhaar",
        "Aadhaar|aadhaar number|UIDAI",
        () -> kinds.either(digits.checked("5##########", Digits::verhoeff), "4 4 4"));
    kinds.alone(
        "cn_resident_id",
        "身份证号码|身份证|resident ID",
        () -> {
          var body = "110101" + "19" + digits.of("##m###");
          int sum = sum(body, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2);
          return body + "10X98765432".charAt(sum % 11);
        });
    kinds.alone(
        "tw_id",
        "身分證字號",
        () -> {
          int letter = random.nextInt(8);
          var body = "" + (random.nextBoolean() ? 1 : 2) + digits.of("#######");
          int code = 10 + letter;
          int sum = code / 10 + code % 10 * 9 + sum(body, 8, 7, 6, 5, 4, 3, 2, 1);
          return "ABCDEFGH".charAt(letter) + body + (10 - sum % 10) % 10;
        });
    kinds.alone(
        "hk_id",
        "HKID|香港身份證",
        () -> {
          int letter = random.nextInt(26);
          var body = digits.of("######");
          int check = 11 - (36 * 9 + (letter + 10) * 8 + sum(body, 7, 6, 5, 4, 3, 2)) % 11;
          return (char) ('A' + letter)
              + body
              + "("
              + (check == 11 ? "0" : check == 10 ? "A" : check)
              + ")";
        });
    kinds.alone(
        "sg_nric",
        "NRIC|FIN",
        () -> {
          var body = digits.of("#######");
          return "S" + body + "JZIHGFEDCBA".charAt(sum(body, 2, 7, 6, 5, 4, 3, 2) % 11);
        });
    kinds.near(
        "th_id",
        "เลขประจำตัวประชาชน",
        () ->
            digits.checked(
                "%###########",
                b -> (11 - sum(b, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11) % 10));
  }

  private void pacific() {
    kinds.near(
        "jp_my_number",
        "マイナンバー|個人番号|my number",
        () ->
            digits.checked(
                "%##########",
                b -> {
                  int rest = sum(b, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11;
                  return rest <= 1 ? 0 : 11 - rest;
                }));
    kinds.near(
        "au_tfn",
        "TFN|tax file number",
        () -> {
          while (true) {
            var number = digits.of("%########");
            if (sum(number, 1, 4, 3, 7, 5, 8, 6, 9, 10) % 11 == 0) {
              return kinds.either(number, "3 3 3");
            }
          }
        });
    kinds.near(
        "au_medicare",
        "Medicare|medicare card number",
        () ->
            kinds.either(
                digits.checked("2#######", b -> sum(b, 1, 3, 7, 9, 1, 3, 7, 9) % 10) + "1",
                "4 5 1"));
    kinds.alone(
        "au_abn",
        "ABN|Australian Business Number",
        () -> {
          while (true) {
            var number = digits.of("%##########");
            var less = (char) (number.charAt(0) - 1) + number.substring(1);
            if (sum(less, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19) % 89 == 0) {
              return grouped(number, "2 3 3 3");
            }
          }
        });
    kinds.near(
        "nz_ird",
        "IRD number|IRD",
        () -> {
          var body = digits.of("#######");
          int check = eleven(sum(body, 2, 7, 6, 5, 4, 3, 2), -1);
          return check < 0 ? "49091850" : body + check;
        });
  }
}
