package io.watchgate.security.pii;

/// The groups of digits that a number may be made of.
final class PhoneGroups {
  private static final int MOST_GROUPS = 8;
  private static final int MOST_DIGITS = 16;

  private final byte[] digits = new byte[MOST_DIGITS + 1];
  private final int[] lengths = new int[MOST_GROUPS];
  private final int[] ends = new int[MOST_GROUPS];
  private final int[] digitCounts = new int[MOST_GROUPS];
  private final char[] separators = new char[MOST_GROUPS];
  private int count;
  private int start;
  private boolean plus;
  private boolean open;

  int count() {
    return count;
  }

  int start() {
    return start;
  }

  boolean isInternational() {
    return plus;
  }

  byte[] digits() {
    return digits;
  }

  /// How many digits the first groups have.
  int digits(int groups) {
    return digitCounts[groups - 1];
  }

  /// Where the first groups end.
  int end(int groups) {
    return ends[groups - 1];
  }

  /// Reads the groups from a run on.
  ///
  /// @param leads whether no digits stand before that belong to a list
  /// @param free whether a number may start here that is written like none
  /// @return false when no number can start here
  boolean read(Reading reading, int first, boolean leads, boolean free) {
    count = 0;
    begin(reading, reading.start(first));
    if (Numbers.isGlued(reading, start) || (!plus && isIdentifier(reading, start))) {
      return false;
    }
    boolean zero = leads && reading.at(reading.start(first)) == '0';
    boolean american = mayBeAmerican(reading, reading.start(first), reading.end(first));
    if (!plus && !zero && !american && !free) {
      return false;
    }
    int most = plus || zero || free ? MOST_GROUPS : 4;
    for (int run = first; run < reading.runs() && count < most; run++) {
      if (!add(reading, reading.start(run), reading.end(run))) {
        break;
      }
    }
    if (count > 0 && reading.at(start) == '(' && reading.at(ends[0]) != ')') {
      start++;
      open = false;
    }
    return count > 0;
  }

  private static boolean mayBeAmerican(Reading reading, int from, int to) {
    int digits = digitsEnd(reading, from, to) - from;
    return digits == 3 || (digits == 1 && reading.at(from) == '1');
  }

  /// Adds a run of digits.
  ///
  /// @return whether another one may follow
  private boolean add(Reading reading, int from, int to) {
    int total = count == 0 ? 0 : digitCounts[count - 1];
    char separator = count == 0 ? 0 : separator(reading, ends[count - 1], from);
    int stop = digitsEnd(reading, from, to);
    if ((count > 0 && separator == 0) || total + stop - from > MOST_DIGITS) {
      return false;
    }
    if (isTrunk(reading, from, stop)) {
      ends[0] = stop;
      return true;
    }
    if (stop == from || (count > 0 && stop - from == 1 && !plus)) {
      return false;
    }
    for (int i = from; i < stop; i++) {
      digits[total++] = (byte) (reading.at(i) - '0');
    }
    separators[count] = separator;
    lengths[count] = stop - from;
    ends[count] = stop;
    digitCounts[count++] = total;
    return stop == to;
  }

  private void begin(Reading reading, int from) {
    start = from;
    plus = false;
    open = reading.at(start - 1) == '(';
    if (open) {
      start--;
    }
    if (reading.at(start - 1) == '+' && !Reading.isLetterOrDigit(reading.at(start - 2))) {
      plus = true;
      start--;
      if (reading.at(start - 1) == '(') {
        start--;
      }
    }
  }

  /// A zero in brackets behind the calling code, that is not dialled from abroad.
  private boolean isTrunk(Reading reading, int from, int stop) {
    return plus
        && count == 1
        && stop - from == 1
        && reading.at(from) == '0'
        && reading.at(from - 1) == '('
        && reading.at(stop) == ')';
  }

  /// The end of the digits of a run, which may go on with `x` for an extension.
  private static int digitsEnd(Reading reading, int from, int to) {
    int end = from;
    while (end < to && end - from <= MOST_DIGITS && Reading.isDigit(reading.at(end))) {
      end++;
    }
    boolean extension = reading.at(end) == 'x' || reading.at(end) == 'e';
    return end == to || (extension && end - from >= 3) ? end : from;
  }

  private static boolean isIdentifier(Reading reading, int start) {
    char before = reading.at(start - 1);
    return (before == '-' || before == '.' || before == '_')
        && Reading.isLetterOrDigit(reading.at(start - 2));
  }

  /// Whether a run stands in one list with what ends before it.
  static boolean isJoined(Reading reading, int end, int start) {
    return start - end == 1 && separator(reading, end, start) != 0;
  }

  /// What stands between two groups: a space, dash, dot or slash, or brackets with or without one;
  /// 0 when they do not belong together.
  private static char separator(Reading reading, int from, int to) {
    if (to - from > 3) {
      return 0;
    }
    char kind = 0;
    for (int i = from; i < to; i++) {
      char c =
          switch (reading.at(i)) {
            case ' ', '\u00A0', '\u2009', '\u202F' -> ' ';
            case '-', '\u2010', '\u2011', '\u2012', '\u2013' -> '-';
            case '.' -> '.';
            case '/' -> '/';
            case '(', ')' -> '(';
            default -> 0;
          };
      if (c == 0) {
        return 0;
      }
      kind = kind == 0 || kind == ' ' || c == '(' ? c : kind;
    }
    return kind;
  }

  /// Whether something follows that numbers do not end with.
  boolean isPartOfMore(Reading reading, int end) {
    char next = reading.at(end);
    boolean joined = next == '-' || next == '.' || next == '/' || next == ':' || next == ',';
    return next == '_'
        || next == '%'
        || (joined && Reading.isDigit(reading.at(end + 1)))
        || (next == '-' && Reading.isLetterOrDigit(reading.at(end + 1)));
  }

  boolean closes(Reading reading, int end) {
    return open && count == 1 && reading.at(end) == ')';
  }

  /// `(555) 123-4567` and the like, with a `1` or `001` before.
  boolean isAmerican(int groupCount) {
    int from = groupCount - 3;
    if (from < 0 || from > 1 || lengths[from] != 3 || lengths[from + 1] != 3) {
      return false;
    }
    if (lengths[from + 2] != 4 || (from == 1 && !isOne())) {
      return false;
    }
    int area = digits[from == 0 ? 0 : lengths[0]];
    int exchange = digits[(from == 0 ? 0 : lengths[0]) + 3];
    char first = separators[from + 1];
    char second = separators[from + 2];
    boolean spaces = first == ' ' && second == ' ';
    boolean marked = first == '(' || first == second || from == 1 || first == '/';
    return marked && (spaces ? area > 1 && exchange > 1 : area > 0 || first == '(');
  }

  private boolean isOne() {
    return (lengths[0] == 1 && digits[0] == 1)
        || (lengths[0] == 3 && digits[0] == 0 && digits[1] == 0 && digits[2] == 1);
  }

  /// Whether it begins with `00`, as a call to another country does in most, or with `011`.
  boolean dials(int groupCount) {
    int total = digits(groupCount);
    boolean eleven = digits[1] == 1 && digits[2] == 1 && lengths[0] == 3;
    boolean dials = groupCount > 1 && total > 9 && digits[0] == 0 && (digits[1] == 0 || eleven);
    return dials && CallingCodes.isPossible(digits, eleven ? 3 : 2, total);
  }

  /// Whether it is written as most other numbers are, in groups of four.
  boolean isInFours(int groupCount) {
    return groupCount > 2 && lengths[0] == 4 && lengths[1] == 4 && lengths[2] == 4;
  }

  /// Whether it is written as a date is, as two years, or as a place in the United States.
  boolean isDate(int groupCount) {
    if (groupCount < 2 || plus) {
      return false;
    }
    if (groupCount == 2) {
      return lengths[1] == 4 && (isYears() || (lengths[0] == 5 && separators[1] == '-'));
    }
    boolean yearFirst = lengths[0] == 4 && lengths[1] == 2 && lengths[2] == 2;
    boolean yearLast = lengths[0] <= 2 && lengths[1] <= 2 && lengths[2] == 4;
    return (yearFirst && (digits[0] == 1 || digits[0] == 2)) || (yearLast && groupCount < 5);
  }

  private boolean isYears() {
    boolean first = (digits[0] == 1 && digits[1] == 9) || (digits[0] == 2 && digits[1] == 0);
    boolean second = (digits[4] == 1 && digits[5] == 9) || (digits[4] == 2 && digits[5] == 0);
    return lengths[0] == 4 && first && second;
  }
}
