package io.watchgate.mcp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// Text of a message as the value of an HTTP header, and back: plain where a header can carry it,
/// else `=?base64?…?=` over its UTF-8 (2026-07-28, streamable HTTP, "Value Encoding").
public final class HeaderValue {
  private static final String OPENING = "=?base64?";
  private static final String CLOSING = "?=";

  private HeaderValue() {}

  public static String encode(String text) {
    if (isPlain(text) && text.equals(trimmed(text)) && !isMarked(text)) {
      return text;
    }
    return OPENING
        + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))
        + CLOSING;
  }

  /// The text that a value stands for, without the white space that HTTP allows around it; empty
  /// when it has characters that no header may have, or is marked as Base64 and is none.
  public static Optional<String> decode(String value) {
    var inner = trimmed(value);
    if (!isPlain(inner)) {
      return Optional.empty();
    }
    return isMarked(inner)
        ? unpacked(inner.substring(OPENING.length(), inner.length() - CLOSING.length()))
        : Optional.of(inner);
  }

  private static boolean isMarked(String value) {
    return value.length() >= OPENING.length() + CLOSING.length()
        && value.startsWith(OPENING)
        && value.endsWith(CLOSING);
  }

  /// Only the one spelling that an encoder gives is Base64: padded, and with no bits left over.
  private static Optional<String> unpacked(String base64) {
    try {
      var bytes = Base64.getDecoder().decode(base64);
      return Base64.getEncoder().encodeToString(bytes).equals(base64)
          ? Optional.of(
              StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString())
          : Optional.empty();
    } catch (IllegalArgumentException | CharacterCodingException _) {
      return Optional.empty();
    }
  }

  private static boolean isPlain(String text) {
    return text.chars().allMatch(c -> (c >= ' ' && c <= '~') || c == '\t');
  }

  private static String trimmed(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }
}
