package io.watchgate.security.pii;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.ValidationResult;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// How long numbers can be behind a country's calling code.
final class CallingCodes {
  private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();
  private static final int SHORTEST = 5;
  private static final int LONGEST = 15;

  /// Says that the lengths of a code were looked up.
  private static final int LOOKED_UP = 1;

  private static final boolean[] CODES = codes();
  private static final AtomicIntegerArray LENGTHS = new AtomicIntegerArray(1000);

  private CallingCodes() {}

  /// Whether the digits from a place on can be a number of some country: a calling code, and a
  /// length that the country has.
  ///
  /// @param count of all digits, those before the place too
  static boolean isPossible(byte[] digits, int from, int count) {
    int code = 0;
    for (int i = from; i < from + 3 && i < count; i++) {
      code = 10 * code + digits[i];
      if (CODES[code]) {
        int length = count - i - 1;
        return length <= LONGEST && (lengths(code) >> length & 1) == 1;
      }
    }
    return false;
  }

  private static int lengths(int code) {
    int lengths = LENGTHS.get(code);
    if (lengths == 0) {
      lengths = LOOKED_UP;
      for (int length = SHORTEST; length <= LONGEST; length++) {
        if (isLength(code, length)) {
          lengths |= 1 << length;
        }
      }
      LENGTHS.set(code, lengths);
    }
    return lengths;
  }

  private static boolean isLength(int code, int length) {
    var number = new PhoneNumber().setCountryCode(code);
    number.setNationalNumber(Long.parseLong("2".repeat(length)));
    return NUMBERS.isPossibleNumberWithReason(number) == ValidationResult.IS_POSSIBLE;
  }

  private static boolean[] codes() {
    var codes = new boolean[1000];
    NUMBERS.getSupportedCallingCodes().forEach(code -> codes[code] = true);
    return codes;
  }
}
