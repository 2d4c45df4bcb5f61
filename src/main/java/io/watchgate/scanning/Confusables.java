package io.watchgate.scanning;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// What each character looks like in ASCII, as far as it does. The letters that look alike stand in
/// `confusables.txt`; the rest follows from what Unicode says of the characters.
final class Confusables {
  private static final int BLOCK = 256;
  private static final AtomicReferenceArray<@Nullable String[]> BLOCKS =
      new AtomicReferenceArray<>((Character.MAX_CODE_POINT + 1) / BLOCK);
  private static final Map<Integer, String> LOOKALIKES = read();

  private Confusables() {}

  /// Null for a character that looks like itself only, empty for one that cannot be seen.
  static @Nullable String fold(int point) {
    var block = BLOCKS.get(point / BLOCK);
    if (block == null) {
      block = new String[BLOCK];
      for (int i = 0; i < BLOCK; i++) {
        block[i] = folded(point / BLOCK * BLOCK + i);
      }
      BLOCKS.set(point / BLOCK, block);
    }
    return block[point % BLOCK];
  }

  private static @Nullable String folded(int point) {
    if (isInvisible(point)) {
      return "";
    }
    if (point >= 0xE0020 && point <= 0xE007E) {
      return Character.toString(point - 0xE0000); // tag characters repeat ASCII
    }
    var own = Character.toString(point);
    var folded = point >= 0xAC00 && point <= 0xD7A3 ? own : compatible(point, own);
    return folded.equals(own) ? null : folded;
  }

  private static boolean isInvisible(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL -> point != '\n' && point != '\r' && point != '\t';
      case Character.FORMAT -> point < 0xE0020 || point > 0xE007E;
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> true;
      // the fillers of Hangul, and the empty pattern of Braille
      default -> "\u115F\u1160\u3164\uFFA0\u2800".indexOf(point) >= 0;
    };
  }

  private static String compatible(int point, String own) {
    switch (Character.getType(point)) {
      case Character.SPACE_SEPARATOR -> {
        return " ";
      }
      case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> {
        return "\n";
      }
      case Character.DASH_PUNCTUATION -> {
        return "-";
      }
      case Character.DECIMAL_DIGIT_NUMBER -> {
        return Integer.toString(Character.digit(point, 10));
      }
      case Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE -> {
        return own;
      }
      default -> {}
    }
    var folded = new StringBuilder();
    Normalizer.normalize(LOOKALIKES.getOrDefault(point, own), Normalizer.Form.NFKD)
        .codePoints()
        .filter(part -> Character.getType(part) != Character.NON_SPACING_MARK)
        .forEach(part -> folded.append(LOOKALIKES.getOrDefault(part, Character.toString(part))));
    return folded.toString();
  }

  private static Map<Integer, String> read() {
    var lookalikes = new HashMap<Integer, String>();
    try (var in = Confusables.class.getResourceAsStream("confusables.txt")) {
      var table = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      for (var line : table.lines().filter(line -> !line.startsWith("#")).toList()) {
        int space = line.indexOf(' ');
        line.substring(space + 1)
            .codePoints()
            .forEach(point -> lookalikes.put(point, line.substring(0, space)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("confusables.txt of the program cannot be read", e);
    }
    return lookalikes;
  }
}
