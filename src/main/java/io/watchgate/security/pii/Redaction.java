package io.watchgate.security.pii;

import io.watchgate.scanning.Hit;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What stands in the place of personal data.
enum Redaction {
  /// Its type: `[EMAIL REDACTED]`.
  PLACEHOLDER,
  /// Its last characters, as a bank writes a card.
  MASK,
  /// A name that is the same for the same value, and tells nothing to who does not have the key.
  PSEUDONYM;

  private static final int KEPT = 4;
  private static final int TOKEN_BYTES = 6;

  /// @param key of the pseudonyms, not empty for them
  Function<Hit, String> with(byte[] key) {
    return switch (this) {
      case PLACEHOLDER -> hit -> "[" + name(hit) + " REDACTED]";
      case MASK -> hit -> hit.type().equals("email") ? email(hit.found()) : masked(hit.found());
      case PSEUDONYM -> {
        var secret = new SecretKeySpec(key, "HmacSHA256");
        yield hit -> "[" + name(hit) + " " + token(secret, hit) + "]";
      }
    };
  }

  private static String name(Hit hit) {
    return hit.type().toUpperCase(Locale.ROOT);
  }

  private static String email(String value) {
    int at = value.lastIndexOf('@');
    return value.substring(0, Math.min(1, at)) + "***" + value.substring(at);
  }

  /// Keeps the last four letters and digits, of a short one a quarter.
  private static String masked(String value) {
    int all = (int) value.chars().filter(Character::isLetterOrDigit).count();
    int hidden = all - Math.min(KEPT, all / 4);
    var masked = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      masked.append(Character.isLetterOrDigit(c) && hidden-- > 0 ? '*' : c);
    }
    return masked.toString();
  }

  /// The same for all ways to write a value.
  private static String token(SecretKeySpec key, Hit hit) {
    try {
      var mac = Mac.getInstance(key.getAlgorithm());
      mac.init(key);
      mac.update(hit.type().getBytes(StandardCharsets.UTF_8));
      var token = mac.doFinal(plain(hit.found()).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(token, 0, TOKEN_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 is part of every Java", e);
    }
  }

  /// A value without what only says how it is written: case, spaces, dashes, brackets.
  static String plain(String value) {
    var plain = new StringBuilder(value.length());
    value
        .toLowerCase(Locale.ROOT)
        .chars()
        .filter(c -> Character.isLetterOrDigit(c) || c == '@' || c == '.' || c == ':' || c == '_')
        .forEach(c -> plain.append((char) c));
    return plain.toString();
  }
}
