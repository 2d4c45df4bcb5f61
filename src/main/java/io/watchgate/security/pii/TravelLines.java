package io.watchgate.security.pii;

/// Looks for the lines that machines read in passports and identity cards, by their check digits.
final class TravelLines implements Looker {
  private static final int LONGEST = 44;
  private static final int[] WEIGHTS = {7, 3, 1};

  @Override
  public void look(Reading reading, Finds finds) {
    int filler = reading.string().indexOf('<');
    while (filler >= 0) {
      int start = filler;
      while (filler - start <= LONGEST && isInLine(reading.at(start - 1))) {
        start--;
      }
      int end = filler;
      while (isInLine(reading.at(end))) {
        end++;
      }
      int length = end - start;
      if (length == 44 || length == 36 || length == 30) {
        line(reading, start, length, finds);
      }
      filler = reading.string().indexOf('<', end);
    }
  }

  private static void line(Reading reading, int start, int length, Finds finds) {
    boolean first = isNames(reading, start, length);
    boolean checked =
        length == 30
            ? checks(reading, start, 5, 14)
                || (checks(reading, start, 0, 6) && checks(reading, start, 8, 14))
            : checks(reading, start, 0, 9)
                && checks(reading, start, 13, 19)
                && checks(reading, start, 21, 27);
    if (first || checked) {
      finds.add("travel_document", start, start + length, 0.97);
    }
  }

  /// A line of names begins with the kind of document and the country, and has no digits; the last
  /// one of a card has only names.
  private static boolean isNames(Reading reading, int start, int length) {
    for (int i = start; i < start + length; i++) {
      if (Reading.isDigit(reading.at(i))) {
        return false;
      }
    }
    int names = reading.string().indexOf("<<", start, start + length);
    boolean kind = length == 30 || "PIACV".indexOf(reading.at(start)) >= 0;
    return kind && names > start;
  }

  /// Whether the digit behind a part adds up.
  private static boolean checks(Reading reading, int start, int from, int to) {
    int sum = 0;
    boolean digits = false;
    for (int i = from; i < to; i++) {
      char c = reading.at(start + i);
      digits |= Reading.isDigit(c);
      int value = c == '<' ? 0 : Reading.isDigit(c) ? c - '0' : c - 'A' + 10;
      sum += value * WEIGHTS[(i - from) % 3];
    }
    return digits && reading.at(start + to) == '0' + sum % 10;
  }

  private static boolean isInLine(char c) {
    return c == '<' || Reading.isDigit(c) || (c >= 'A' && c <= 'Z');
  }
}
