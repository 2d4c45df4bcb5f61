package io.watchgate.security.pii;

import java.util.List;

/// Looks for phone numbers: international ones, those that are written as in North America, those
/// that a region gives out, and near a word such as `call` whatever may be dialled.
final class Phones implements Looker {
  private static final int MOST_GROUPS = 8;
  private static final int MOST_DIGITS = 16;
  private static final int FEWEST_DIGITS = 7;
  private static final int MOST_NATIONAL = 12;
  private static final long PHONE = Topic.PHONE.bit();

  private final List<NumberingPlan> plans;
  private final boolean american;

  /// @param regions two-letter codes of regions whose numbers are known without a calling code
  Phones(List<String> regions) {
    plans = regions.stream().map(NumberingPlan::new).toList();
    american = regions.contains("US") || regions.contains("CA");
  }

  @Override
  public void look(Reading reading, Finds finds) {
    var groups = new Groups();
    int done = 0;
    for (int run = 0; run < reading.runs(); run++) {
      if (reading.start(run) >= done && groups.read(reading, run)) {
        done = Math.max(done, longest(reading, groups, finds));
      }
    }
  }

  /// Takes as many groups as make a number.
  ///
  /// @return the end of the number, 0 when there is none
  private int longest(Reading reading, Groups groups, Finds finds) {
    int told = -1;
    for (int count = groups.count; count > 0; count--) {
      int digits = groups.digitCounts[count - 1];
      if (digits < FEWEST_DIGITS) {
        return 0;
      }
      int end = groups.ends[count - 1];
      if (groups.isPartOfMore(reading, end)) {
        continue;
      }
      double score = score(groups, count, digits);
      if (score == 0 && !groups.isDate(count)) {
        told = told >= 0 ? told : (reading.topics(groups.start, end) & PHONE) != 0 ? 1 : 0;
        score = told == 1 && digits <= MOST_DIGITS - 1 ? 0.7 : 0;
      }
      if (score > 0) {
        int close = groups.closes(reading, end) ? 1 : 0;
        int last = extension(reading, end + close);
        finds.add("phone", groups.start, last, score);
        return last;
      }
    }
    return 0;
  }

  private double score(Groups groups, int count, int digits) {
    if (groups.plus) {
      return CallingCodes.isPossible(groups.digits, digits) ? 0.85 : 0;
    }
    if (groups.isAmerican(count)) {
      return american ? 0.8 : 0;
    }
    if (groups.dials(count, digits)) {
      return 0.75;
    }
    boolean written = count > 1 && !groups.isDate(count) && groups.digits[0] == 0;
    if (written && digits > FEWEST_DIGITS + 1 && digits <= MOST_NATIONAL) {
      for (var plan : plans) {
        if (plan.isValid(groups.digits, digits)) {
          return 0.75;
        }
      }
    }
    return 0;
  }

  /// Where an extension behind a number ends, such as `x123` or ` ext. 12`.
  private static int extension(Reading reading, int end) {
    int at = skip(reading, end, " ,;", 2);
    int word = at;
    if (reading.at(word) == '#') {
      word++;
    } else {
      while (word - at < 9 && Character.isLetter(reading.at(word))) {
        word++;
      }
      var name = reading.string.substring(at, word);
      if (!name.equals("x") && !name.equals("ext") && !name.equals("extension")) {
        return end;
      }
    }
    int start = skip(reading, word, " .:=", 2);
    int stop = start;
    while (stop - start < 7 && Reading.isDigit(reading.at(stop))) {
      stop++;
    }
    boolean ends = stop > start && !Reading.isLetterOrDigit(reading.at(stop));
    return ends ? stop : end;
  }

  private static int skip(Reading reading, int from, String what, int most) {
    int at = from;
    while (at - from < most && reading.at(at) != 0 && what.indexOf(reading.at(at)) >= 0) {
      at++;
    }
    return at;
  }

  /// The groups of digits that a number may be made of.
  private static final class Groups {
    private final byte[] digits = new byte[MOST_DIGITS + 1];
    private final int[] lengths = new int[MOST_GROUPS];
    private final int[] ends = new int[MOST_GROUPS];
    private final int[] digitCounts = new int[MOST_GROUPS];
    private final char[] separators = new char[MOST_GROUPS];
    private int count;
    private int start;
    private boolean plus;
    private boolean open;

    /// Reads the groups from a run on.
    ///
    /// @return false when no number can start here
    boolean read(Reading reading, int first) {
      count = 0;
      int total = 0;
      begin(reading, reading.start(first));
      if (Numbers.isGlued(reading, start) || !plus && isIdentifier(reading, start)) {
        return false;
      }
      for (int run = first; run < reading.runs() && count < MOST_GROUPS; run++) {
        int from = reading.start(run);
        int to = reading.end(run);
        char separator = count == 0 ? 0 : separator(reading, ends[count - 1], from);
        if (count > 0 && separator == 0 || total + to - from > MOST_DIGITS) {
          break;
        }
        int stop = digitsEnd(reading, from, to);
        if (stop == from) {
          break;
        }
        if (!isTrunk(reading, from, stop)) {
          for (int i = from; i < stop; i++) {
            digits[total++] = (byte) (reading.text[i] - '0');
          }
          add(separator, stop - from, stop, total);
        } else {
          ends[count - 1] = stop;
        }
        if (stop < to) {
          break;
        }
      }
      return count > 0;
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

    private void add(char separator, int length, int end, int total) {
      separators[count] = separator;
      lengths[count] = length;
      ends[count] = end;
      digitCounts[count++] = total;
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
      while (end < to && Reading.isDigit(reading.at(end))) {
        end++;
      }
      boolean extension = reading.at(end) == 'x' || reading.at(end) == 'e';
      return end == to || extension && end - from >= 3 ? end : from;
    }

    private static boolean isIdentifier(Reading reading, int start) {
      char before = reading.at(start - 1);
      return (before == '-' || before == '.' || before == '_')
          && Reading.isLetterOrDigit(reading.at(start - 2));
    }

    /// What stands between two groups: a space, dash, dot or slash, or brackets with or without
    /// one; 0 when they do not belong together.
    private static char separator(Reading reading, int from, int to) {
      if (to - from > 3) {
        return 0;
      }
      char kind = 0;
      for (int i = from; i < to; i++) {
        char c =
            switch (reading.text[i]) {
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
          || joined && Reading.isDigit(reading.at(end + 1))
          || next == '-' && Reading.isLetterOrDigit(reading.at(end + 1));
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
      if (lengths[from + 2] != 4 || from == 1 && !isOne()) {
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
      return lengths[0] == 1 && digits[0] == 1
          || lengths[0] == 3 && digits[0] == 0 && digits[1] == 0 && digits[2] == 1;
    }

    /// Whether it begins with `00`, as a call to another country does in most.
    boolean dials(int groupCount, int total) {
      if (groupCount < 2 || digits[0] != 0 || digits[1] != 0 || total < 10) {
        return false;
      }
      var rest = java.util.Arrays.copyOfRange(digits, 2, total);
      return CallingCodes.isPossible(rest, total - 2);
    }

    /// Whether it is written as a date is.
    boolean isDate(int groupCount) {
      if (groupCount < 3 || plus) {
        return false;
      }
      boolean yearFirst = lengths[0] == 4 && lengths[1] == 2 && lengths[2] == 2;
      return yearFirst && (digits[0] == 1 || digits[0] == 2)
          || lengths[0] <= 2 && lengths[1] <= 2 && lengths[2] == 4 && groupCount < 5;
    }
  }
}
