package io.watchgate.security.toolguard;

import java.util.Optional;

/// Finds text that people do not see and models read: tag characters, bytes in variation selectors,
/// characters of no width, changed directions, terminal codes.
final class HiddenText {
  private static final int MANY = 3;
  private static final int BLACK_FLAG = 0x1F3F4; // tags behind it choose a flag

  private HiddenText() {}

  /// How a text hides something, empty when it does not.
  static Optional<String> in(String text) {
    int tags = 0;
    int selectors = 0;
    int joiners = 0;
    int before = 0;
    boolean isFlag = false;
    for (int at = 0; at < text.length(); at += Character.charCount(before)) {
      int point = text.codePointAt(at);
      int after = at + 1 < text.length() ? text.charAt(at + 1) : 0;
      isFlag = point == BLACK_FLAG || (isFlag && isTag(point));
      tags += isTag(point) && !isFlag ? 1 : 0;
      selectors = isSelector(point) ? selectors + 1 : 0;
      joiners += isJoiner(point) && isAscii(before) && isAscii(after) ? 1 : 0;
      if (tags >= MANY || selectors >= MANY) {
        return Optional.of("hides text in characters that nobody sees");
      }
      if (Character.getType(point) == Character.CONTROL && "\t\n\r".indexOf(point) < 0) {
        return Optional.of("holds codes for terminals");
      }
      if ((point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069)) {
        return Optional.of("turns the direction of text");
      }
      boolean splits = isWidthless(point) && at > 0 && (isAscii(before) || isAscii(after));
      if (splits || joiners >= MANY) {
        return Optional.of("splits words by characters of no width");
      }
      before = point;
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
    return point == 0x200B || (point >= 0x2060 && point <= 0x2064) || point == 0xFEFF;
  }

  /// Some scripts and pictures cannot be written without them.
  private static boolean isJoiner(int point) {
    return (point >= 0x200C && point <= 0x200F) || point == 0x00AD || point == 0x180E;
  }

  private static boolean isAscii(int point) {
    return point > ' ' && point < 0x7F;
  }
}
