package io.watchgate.security.pii;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;

/// Which numbers a region gives out. libphonenumber takes long to answer, so it is asked once for
/// each length and beginning, and the answer stands for all that begin like this.
final class NumberingPlan {
  private static final int LONGEST = 15;
  private static final int PREFIX_DIGITS = 5;
  private static final int PREFIXES = 100_000;
  private static final byte VALID = 1;
  private static final byte INVALID = 2;

  private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();

  private final String region;
  private final byte[][] known = new byte[LONGEST + 1][];

  NumberingPlan(String region) {
    this.region = region;
  }

  /// Whether libphonenumber knows the region.
  static boolean exists(String region) {
    return NUMBERS.getSupportedRegions().contains(region);
  }

  /// Whether a number as it is dialled in the region is one.
  ///
  /// @param digits from the first on
  boolean isValid(byte[] digits, int count) {
    if (count < PREFIX_DIGITS + 2 || count > LONGEST) {
      return false;
    }
    if (known[count] == null) {
      known[count] = new byte[PREFIXES];
    }
    // Zero is what begins most of them, and tells nothing.
    int from = digits[0] == 0 ? 1 : 0;
    int prefix = 0;
    for (int i = from; i < from + PREFIX_DIGITS; i++) {
      prefix = 10 * prefix + digits[i];
    }
    if (from == 0 && prefix < PREFIXES / 10) {
      return false;
    }
    return from == 1 ? isKnown(prefix, digits, count) : ask(digits, count);
  }

  private boolean isKnown(int prefix, byte[] digits, int count) {
    byte answer = known[count][prefix];
    if (answer == 0) {
      answer = ask(digits, count) ? VALID : INVALID;
      known[count][prefix] = answer;
    }
    return answer == VALID;
  }

  private boolean ask(byte[] digits, int count) {
    var text = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      text.append(digits[i]);
    }
    try {
      return NUMBERS.isValidNumberForRegion(NUMBERS.parse(text, region), region);
    } catch (NumberParseException e) {
      return false;
    }
  }
}
