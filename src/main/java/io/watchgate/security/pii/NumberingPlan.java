package io.watchgate.security.pii;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.util.List;

/// Which numbers some regions give out, as they are dialled there with a zero first. libphonenumber
/// takes long to answer, so it is asked once for each length and beginning, and the answer stands
/// for all that begin like this.
final class NumberingPlan {
  private static final int SHORTEST = 8;
  private static final int LONGEST = 12;
  private static final int PREFIX_DIGITS = 4;
  private static final int PREFIXES = 10_000;
  private static final byte VALID = 1;
  private static final byte INVALID = 2;

  private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();

  private final List<String> regions;

  /// Written without a lock: who misses an answer of another thread asks again.
  private final byte[][] known = new byte[LONGEST + 1][PREFIXES];

  NumberingPlan(List<String> regions) {
    this.regions = List.copyOf(regions);
  }

  /// Whether libphonenumber knows the region.
  static boolean exists(String region) {
    return NUMBERS.getSupportedRegions().contains(region);
  }

  /// Whether so many digits, of which the first is a zero, are a number of one of the regions.
  boolean isValid(byte[] digits, int count) {
    if (count < SHORTEST || count > LONGEST) {
      return false;
    }
    int prefix = 0;
    for (int i = 1; i <= PREFIX_DIGITS; i++) {
      prefix = 10 * prefix + digits[i];
    }
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
    return regions.stream().anyMatch(region -> isValid(text, region));
  }

  private static boolean isValid(CharSequence text, String region) {
    try {
      return NUMBERS.isValidNumberForRegion(NUMBERS.parse(text, region), region);
    } catch (NumberParseException e) {
      return false;
    }
  }
}
