package io.watchgate.security.secrets;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Draws what texts are made of, the same from the same seed.
final class Dice {
  static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
  static final String UPPER = LOWER.toUpperCase(Locale.ROOT);
  static final String DIGITS = "0123456789";
  static final String A62 = DIGITS + UPPER + LOWER;

  private static final List<String> WORDS =
      List.of(
          "order",
          "invoice",
          "server",
          "client",
          "parse",
          "config",
          "update",
          "render",
          "worker",
          "metric",
          "stream",
          "bucket",
          "report",
          "policy",
          "module",
          "export",
          "legacy",
          "branch",
          "summary",
          "payload",
          "handler",
          "request",
          "response",
          "session",
          "profile",
          "gateway",
          "monitor",
          "adapter",
          "context",
          "storage",
          "network",
          "release",
          "catalog",
          "billing",
          "account",
          "customer",
          "schedule",
          "pipeline",
          "template",
          "resource");

  private final RandomGenerator random;

  Dice(long seed) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  int number(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  @SafeVarargs
  final <T> T of(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  String chars(String alphabet, int length) {
    var text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  String hex(int length) {
    return chars("0123456789abcdef", length);
  }

  String digits(int length) {
    return number(1, 9) + chars(DIGITS, length - 1);
  }

  String a62(int length) {
    return chars(A62, length);
  }

  String base64(int bytes) {
    var drawn = new byte[bytes];
    random.nextBytes(drawn);
    return Base64.getEncoder().encodeToString(drawn);
  }

  String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  String uuid() {
    return "%s-%s-4%s-%s%s-%s"
        .formatted(hex(8), hex(4), hex(3), of("8", "9", "a", "b"), hex(3), hex(12));
  }

  String word() {
    return WORDS.get(random.nextInt(WORDS.size()));
  }

  String capital(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }
}
