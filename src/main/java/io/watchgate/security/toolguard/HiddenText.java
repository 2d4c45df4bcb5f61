package io.watchgate.security.toolguard;

import java.util.Optional;

/// Finds text that people do not see and models read: tag characters, bytes in variation selectors,
/// characters of no width, changed directions, terminal codes.
final class HiddenText {
  private static final int MANY = 3;
  private static final int BLACK_FLAG = 0x1F3F4; // tags behind it choose a flag

  private HiddenText() {}

  static Optional<String> in(String text) {
    int tags = 0;
    int selectors = 0;
    int widthless = 0;
    int before = 0;
    boolean isFlag = false;
    for (int at = 0; at < text.length(); ) {
      int point = text.codePointAt(at);
      int next = at + Character.charCount(point);
      isFlag = point == BLACK_FLAG || (isFlag && isTag(point));
      if (isTag(point) && !isFlag && ++tags >= MANY) {
        return Optional.of("hides text in tag characters");
      }
      boolean isSelector = isSelector(point);
      selectors = isSelector ? selectors + 1 : 0;
      if (selectors >= MANY) {
        return Optional.of("hides text in variation selectors");
      }
      if (point == 0x1B || point == 0x9B || point == 0x9D || point == '\b') {
        return Optional.of("hides text behind terminal codes");
      }
      if (point == 0x202D || point == 0x202E) {
        return Optional.of("turns the direction of text");
      }
      boolean isBetween =
          isWidthless(point)
              && isAscii(before)
              && next < text.length()
              && isAscii(text.charAt(next));
      widthless += isBetween || (isWidthless(point) && isWidthless(before)) ? 1 : 0;
      if (widthless >= MANY) {
        return Optional.of("hides text between characters of no width");
      }
      before = point;
      at = next;
    }
    return Optional.empty();
  }

  private static boolean isTag(int point) {
    return point >= 0xE0000 && point <= 0xE007F;
  }

  private static boolean isSelector(int point) {
    return (point >= 0xFE00 && point <= 0xFE0F) || (point >= 0xE0100 && point <= 0xE01EF);
  }

  private static boolean isWidthless(int point) {
    return (point >= 0x200B && point <= 0x200F)
        || (point >= 0x2060 && point <= 0x2064)
        || point == 0xFEFF
        || point == 0x00AD
        || point == 0x180E;
  }

  private static boolean isAscii(int point) {
    return point > ' ' && point < 0x7F;
  }
}
