package io.watchgate.security.secrets;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/// What must hold of a secret besides its regular expression. Rules name it in lower case.
enum Check {
  /// The last six characters are the checksum of what stands between them and the prefix: tokens of
  /// GitHub and npm.
  CRC32_BASE62 {
    @Override
    boolean holds(String secret) {
      int start = secret.lastIndexOf('_') + 1;
      int end = secret.length() - 6;
      return end > start && secret.endsWith(base62(secret.substring(start, end)));
    }
  },
  /// The first part is a JSON object that names an algorithm.
  JWT {
    @Override
    boolean holds(String secret) {
      return decoded(secret.substring(0, Math.max(0, secret.indexOf('.'))))
          .filter(header -> header.startsWith("{\"") && header.contains("\"alg\""))
          .isPresent();
    }
  },
  /// The number of the account is written in the key in base 32.
  BASE32_BODY {
    @Override
    boolean holds(String secret) {
      return secret.chars().skip(4).allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7'));
    }
  },
  /// Is base64 of the full length.
  BASE64 {
    @Override
    boolean holds(String secret) {
      return secret.length() % 4 == 0 && bytes(secret).isPresent();
    }
  },
  /// Is base64 of a JSON object, behind the prefix if there is one.
  BASE64_JSON {
    @Override
    boolean holds(String secret) {
      int start = secret.indexOf("eyJ");
      return start >= 0
          && decoded(secret.substring(start)).filter(json -> json.startsWith("{\"")).isPresent();
    }
  },
  /// Is base64 of a user and a password.
  BASIC_AUTH {
    @Override
    boolean holds(String secret) {
      return decoded(secret)
          .filter(pair -> pair.indexOf(':') >= 0 && pair.chars().allMatch(c -> c >= 32 && c != 127))
          .filter(pair -> pair.length() > 2 && !Placeholders.isPlaceholder(password(pair)))
          .isPresent();
    }

    private static String password(String pair) {
      return pair.substring(pair.indexOf(':') + 1);
    }
  },
  /// Is base64 of a private key in PEM.
  BASE64_PEM {
    @Override
    boolean holds(String secret) {
      return decoded(secret).filter(pem -> pem.contains("PRIVATE KEY")).isPresent();
    }
  },
  /// The first part is base64 of a number of 17 digits and more.
  SNOWFLAKE {
    @Override
    boolean holds(String secret) {
      return decoded(secret.substring(0, Math.max(0, secret.indexOf('.'))))
          .filter(id -> id.length() >= 17 && id.chars().allMatch(Character::isDigit))
          .isPresent();
    }
  },
  /// Has letters and digits.
  MIXED {
    @Override
    boolean holds(String secret) {
      return secret.chars().anyMatch(Character::isDigit)
          && secret.chars().anyMatch(Character::isLetter);
    }
  },
  /// Has upper case, lower case and digits.
  MIXED_CASE {
    @Override
    boolean holds(String secret) {
      return MIXED.holds(secret)
          && secret.chars().anyMatch(Character::isUpperCase)
          && secret.chars().anyMatch(Character::isLowerCase);
    }
  },
  /// Looks drawn by lot.
  RANDOM {
    @Override
    boolean holds(String secret) {
      return Randomness.isRandom(secret);
    }
  };

  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  abstract boolean holds(String secret);

  static Optional<Check> named(String name) {
    return Arrays.stream(values())
        .filter(check -> check.name().toLowerCase(Locale.ROOT).equals(name))
        .findAny();
  }

  static Set<String> names() {
    return Arrays.stream(values())
        .map(check -> check.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  private static String base62(String body) {
    var crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.UTF_8));
    var digits = new StringBuilder();
    long rest = crc.getValue();
    for (int i = 0; i < 6; i++) {
      digits.append(DIGITS.charAt((int) (rest % 62)));
      rest /= 62;
    }
    return digits.reverse().toString();
  }

  private static Optional<String> decoded(String base64) {
    return bytes(base64).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /// Either alphabet, with or without padding, and what follows the last whole group is dropped.
  private static Optional<byte[]> bytes(String base64) {
    var plain = base64.replace('-', '+').replace('_', '/').replace("=", "");
    int whole = plain.length() % 4 == 1 ? plain.length() - 1 : plain.length();
    try {
      return Optional.of(Base64.getDecoder().decode(plain.substring(0, whole)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
