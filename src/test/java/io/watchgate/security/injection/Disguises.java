package io.watchgate.security.injection;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/// Ways to hide what a text says from those who look for words.
enum Disguises {
  NONE(text -> text),
  CAPITALS(text -> text.toUpperCase(Locale.ROOT)),
  DIGITS(text -> swapped(text, "oiest", "01357")),
  ZERO_WIDTH(text -> each(text, c -> Character.toString(c) + (c == ' ' ? "" : "\u200B"))),
  TAGS(text -> "Nothing here." + each(text, c -> Character.toString(c < 128 ? 0xE0000 + c : c))),
  SELECTORS(Disguises::selectors),
  WIDE(text -> each(text, c -> Character.toString(c > ' ' && c < 127 ? c + 0xFEE0 : c))),
  LOOKALIKES(text -> swapped(text, "aceiopsxy", "асеіорѕху")),
  MATHEMATICAL(text -> each(text, Disguises::bold)),
  MARKS(text -> each(text, c -> Character.toString(c) + (Character.isLetter(c) ? "\u0336" : ""))),
  SPACED(text -> each(text, c -> c == ' ' ? "  " : Character.toString(c) + ' ')),
  BASE64(text -> "see " + Base64.getEncoder().encodeToString(bytes(text))),
  PACKED(text -> Base64.getEncoder().encodeToString(packed(text))),
  HEXADECIMAL(text -> HexFormat.of().formatHex(bytes(text))),
  PERCENT(text -> hex(text, "%%%02X")),
  ENTITIES(text -> each(text, c -> c == ' ' ? " " : "&#" + c + ";")),
  BACKSLASHES(text -> each(text, c -> c < 128 ? "\\u%04x".formatted(c) : Character.toString(c))),
  MOVED(text -> each(text, Disguises::moved)),
  BACKWARDS(text -> new StringBuilder(text).reverse().toString()),
  COMMENT(text -> "<p>Opening hours: 9 to 5.</p><!-- " + text + " -->"),
  TERMINAL(text -> "ok\u001B[8m" + text.replace(" ", " \u001B[1m") + "\u001B[0m");

  @SuppressWarnings("ImmutableEnumChecker") // they have no state
  private final UnaryOperator<String> disguise;

  Disguises(UnaryOperator<String> disguise) {
    this.disguise = disguise;
  }

  String of(String text) {
    return disguise.apply(text);
  }

  private static String each(String text, IntFunction<String> other) {
    return text.codePoints().mapToObj(other).collect(Collectors.joining());
  }

  private static String swapped(String text, String from, String to) {
    return each(
        text,
        c -> {
          int index = from.indexOf(c);
          return index < 0 ? Character.toString(c) : String.valueOf(to.charAt(index));
        });
  }

  private static String bold(int c) {
    if (c >= 'a' && c <= 'z') {
      return Character.toString(0x1D41A + c - 'a');
    }
    return Character.toString(c >= 'A' && c <= 'Z' ? 0x1D400 + c - 'A' : c);
  }

  private static String moved(int c) {
    int low = c | 0x20;
    boolean letter = low >= 'a' && low <= 'z' && c < 128;
    return Character.toString(letter ? (low - 'a' + 13) % 26 + 'a' - (low - c) : c);
  }

  private static String selectors(String text) {
    var hidden = new StringBuilder("Fine \uD83D\uDE00");
    for (byte b : bytes(text)) {
      int value = b & 0xff;
      hidden.appendCodePoint(value < 16 ? 0xFE00 + value : 0xE0100 + value - 16);
    }
    return hidden.toString();
  }

  private static String hex(String text, String format) {
    var out = new StringBuilder();
    for (byte b : bytes(text)) {
      out.append(format.formatted(b));
    }
    return out.toString();
  }

  private static byte[] packed(String text) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
