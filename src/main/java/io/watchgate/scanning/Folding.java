package io.watchgate.scanning;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads a text as a person or a model reads it: letters that look alike are one, what cannot be
/// seen is gone, and what is hidden in characters that cannot be seen is there to be read.
final class Folding {
  private static final char ESCAPE = 0x1B;
  private static final char CONTROL_SEQUENCE = 0x9B;
  private static final int LONGEST_PARAMETERS = 32;
  private static final int SHORTEST_HIDDEN = 3;

  private final String text;
  private final View.Builder out;
  private int at;

  private Folding(View source) {
    this.text = source.text();
    this.out = new View.Builder(source, text.length());
  }

  /// Null when the text reads as it is.
  static @Nullable View of(View source) {
    return new Folding(source).fold();
  }

  private @Nullable View fold() {
    int plainFrom = 0;
    while (at < text.length()) {
      int end = plainEnd();
      if (end > at) {
        at = end;
        continue;
      }
      out.copyNear(plainFrom, at);
      char c = text.charAt(at);
      if (c == ESCAPE || c == CONTROL_SEQUENCE) {
        terminalCode();
      } else {
        character();
      }
      plainFrom = at;
    }
    out.copyNear(plainFrom, at);
    return out.build(Disguise.UNICODE);
  }

  /// Behind the character at hand, if it reads as it is.
  private int plainEnd() {
    char c = text.charAt(at);
    if (isPlain(c)) {
      return at + 1;
    }
    int point = text.codePointAt(at);
    boolean same = c != ESCAPE && selected(point) < 0 && Confusables.fold(point) == null;
    return same ? at + Character.charCount(point) : at;
  }

  static boolean isPlain(char c) {
    return (c >= ' ' && c < 0x7F) || c == '\n' || c == '\r' || c == '\t';
  }

  private void character() {
    int point = text.codePointAt(at);
    int end = at + Character.charCount(point);
    if (selected(point) >= 0) {
      selectors();
      return;
    }
    var folded = Confusables.fold(point);
    if (folded != null && folded.length() == 1 && end == at + 1) {
      out.swap(folded.charAt(0), at);
    } else {
      out.replace(folded == null ? "" : folded, at, end);
    }
    at = end;
  }

  /// Variation selectors in a row spell bytes; alone they say how a character is drawn.
  private void selectors() {
    int from = at;
    var bytes = ByteBuffer.allocate(Math.min(text.length() - at, 4096));
    while (at < text.length() && bytes.hasRemaining()) {
      int point = text.codePointAt(at);
      int value = selected(point);
      if (value < 0) {
        break;
      }
      bytes.put((byte) value);
      at += Character.charCount(point);
    }
    int count = bytes.position();
    var hidden = new String(bytes.array(), 0, count, StandardCharsets.UTF_8);
    out.replace(count < SHORTEST_HIDDEN ? "" : hidden, from, at);
  }

  private static int selected(int point) {
    if (point >= 0xFE00 && point <= 0xFE0F) {
      return point - 0xFE00;
    }
    return point >= 0xE0100 && point <= 0xE01EF ? point - 0xE0100 + 16 : -1;
  }

  private void terminalCode() {
    int from = at++;
    boolean sequence = text.charAt(from) == CONTROL_SEQUENCE;
    if (!sequence && at < text.length() && "[]P^_X\\".indexOf(text.charAt(at)) >= 0) {
      sequence = text.charAt(at++) == '[';
    }
    int limit = Math.min(text.length(), at + LONGEST_PARAMETERS);
    while (sequence && at < limit && text.charAt(at) >= ' ' && text.charAt(at) < '@') {
      at++;
    }
    if (sequence && at < limit && text.charAt(at) <= '~' && text.charAt(at) >= '@') {
      at++;
    }
    out.replace("", from, at);
  }
}
