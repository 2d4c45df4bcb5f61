package io.watchgate.security.secrets;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/// Draws texts by templates: `ghp_<a62:30><crc>`.
final class Tokens {
  private static final String PASSWORD = Dice.A62 + "!#$%&*+-.?_~";
  private static final String BASE64_URL = Dice.A62 + "-_";

  private static final Pattern PART = Pattern.compile("<([A-Za-z0-9]+(:[A-Z0-9a-z -]+)?)>");

  private final Dice dice;

  Tokens(Dice dice) {
    this.dice = dice;
  }

  /// What stands between `<` and `>` and is not known stays as it is.
  String draw(String template) {
    var text = new StringBuilder();
    int i = 0;
    while (i < template.length()) {
      var part = PART.matcher(template).region(i, template.length());
      if (!part.lookingAt()) {
        text.append(template.charAt(i++));
      } else {
        text.append(part(part.group(1), text));
        i = part.end();
      }
    }
    return text.toString();
  }

  private String part(String part, StringBuilder before) {
    int colon = part.indexOf(':');
    var kind = colon < 0 ? part : part.substring(0, colon);
    var rest = part.substring(colon + 1);
    return switch (kind) {
      case "uuid" -> dice.uuid();
      case "crc" -> checksum(before.substring(before.lastIndexOf("_") + 1));
      case "basic" -> dice.base64(dice.word() + ":" + password(dice.number(10, 20)));
      case "snowflake" -> dice.base64(dice.of("10", "87", "99") + dice.digits(16));
      case "jwt" -> jwt("HS256", 32);
      case "jwtlong" -> jwt("RS256", 256);
      case "human" -> human();
      case "pem" -> pem(rest, "\n");
      case "pemline" -> pem(rest, "\\n");
      case "pemcut" -> cut(pem(rest, "\n"));
      case "putty" -> putty();
      case "pw" -> password(length(rest));
      case "upw" -> dice.chars(Dice.LOWER, 1) + dice.chars(Dice.A62 + "-._~!$*+", length(rest) - 1);
      case "word" -> dice.word();
      case "Word" -> dice.capital(dice.word());
      case "WORD" -> dice.word().toUpperCase(Locale.ROOT);
      default -> colon < 0 ? "<" + part + ">" : dice.chars(alphabet(kind), length(rest));
    };
  }

  private int length(String range) {
    var ends = range.split("-", -1);
    int least = Integer.parseInt(ends[0]);
    return ends.length == 1 ? least : dice.number(least, Integer.parseInt(ends[1]));
  }

  private static String alphabet(String kind) {
    return switch (kind) {
      case "a62" -> Dice.A62;
      case "l36" -> Dice.DIGITS + Dice.LOWER;
      case "U36" -> Dice.DIGITS + Dice.UPPER;
      case "B32" -> Dice.UPPER + "234567";
      case "hex" -> "0123456789abcdef";
      case "dig" -> "123456789";
      case "url" -> BASE64_URL;
      case "b64" -> Dice.A62 + "+/";
      case "low" -> Dice.LOWER;
      case "bech" -> "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /// With a letter and a digit, as rules for passwords have it, and nothing that ends an address.
  private String password(int length) {
    return dice.chars(Dice.LOWER, 1) + dice.digits(1) + dice.chars(PASSWORD, length - 2);
  }

  /// As people make them.
  private String human() {
    var word = dice.word();
    return switch (dice.number(0, 4)) {
      case 0 -> dice.capital(word) + dice.number(1950, 2026) + "!";
      case 1 -> word.replace('e', '3').replace('o', '0') + dice.of("!", "#", "$$") + dice.digits(2);
      case 2 -> dice.capital(word) + "-" + dice.word() + "-" + dice.digits(3);
      case 3 -> dice.chars(Dice.LOWER, 3) + dice.digits(4) + dice.chars(Dice.UPPER, 2);
      default -> dice.word() + "@" + dice.digits(3);
    };
  }

  private String jwt(String algorithm, int signature) {
    var header = "{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}";
    var claims =
        "{\"sub\":\"" + dice.digits(8) + "\",\"name\":\"" + dice.word() + " " + dice.word() + "\"}";
    return url(header) + "." + url(claims) + "." + dice.chars(BASE64_URL, signature * 4 / 3);
  }

  private static String url(String json) {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private String pem(String label, String newline) {
    var text = new StringBuilder("-----BEGIN ").append(label).append("-----").append(newline);
    for (int line = dice.number(4, 25); line > 0; line--) {
      text.append(dice.chars(alphabet("b64"), 64)).append(newline);
    }
    text.append(dice.chars(alphabet("b64"), 22)).append("==").append(newline);
    return text.append("-----END ").append(label).append("-----").toString();
  }

  private String cut(String pem) {
    return pem.substring(0, pem.length() - 65 - 50);
  }

  private String putty() {
    return "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: key\nPublic-Lines: 2\n"
        + dice.chars(Dice.A62, 64)
        + "\n"
        + dice.chars(Dice.A62, 16)
        + "\nPrivate-Lines: 1\n"
        + dice.chars(Dice.A62, 48)
        + "\nPrivate-MAC: "
        + dice.hex(64);
  }

  /// CRC-32 in six digits of base 62.
  private static String checksum(String body) {
    var crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.UTF_8));
    var digits = new StringBuilder();
    long rest = crc.getValue();
    while (digits.length() < 6) {
      digits.insert(0, Dice.A62.charAt((int) (rest % 62)));
      rest /= 62;
    }
    return digits.toString();
  }
}
