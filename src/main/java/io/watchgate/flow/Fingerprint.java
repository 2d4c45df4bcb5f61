package io.watchgate.flow;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Tells a secret from others without giving it away: 16 hexadecimal digits of its SHA-256.
public final class Fingerprint {
  private static final int DIGITS = 16;

  private Fingerprint() {}

  public static String of(String secret) {
    return whole(secret.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
  }

  /// All 64 digits, for what is no secret.
  public static String whole(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
