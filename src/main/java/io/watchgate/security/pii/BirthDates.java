package io.watchgate.security.pii;

/// Looks for dates near words about birth, in numbers or with the month in letters.
final class BirthDates implements Looker {
  private static final long BIRTH = Topic.BIRTH.bit();
  private static final int OLDEST = 1900;
  private static final int YOUNGEST = 2040;

  @Override
  public void look(Reading reading, Finds finds) {
    if (!reading.mentions(BIRTH)) {
      return;
    }
    int done = 0;
    for (int run = 0; run < reading.runs(); run++) {
      int start = reading.start(run);
      if (start < done || reading.end(run) - start > 4 || Numbers.isGlued(reading, start)) {
        continue;
      }
      int end = inNumbers(reading, run);
      if (end < 0) {
        end = dayThenMonth(reading, run);
      }
      if (end < 0) {
        int month = monthBefore(reading, run);
        if (month >= 0) {
          start = month;
          end = year(reading, run + 1, reading.end(run));
        }
      }
      if (end > 0 && (reading.topics(start, end) & BIRTH) != 0) {
        finds.add("date_of_birth", start, end, 0.85);
        done = end;
      }
    }
  }

  private static int inNumbers(Reading reading, int run) {
    if (run + 2 >= reading.runs()) {
      return -1;
    }
    int one = number(reading, run);
    int two = number(reading, run + 1);
    int three = number(reading, run + 2);
    int end = reading.end(run + 2);
    char separator = separator(reading, run);
    if (separator == 0 || separator(reading, run + 1) != separator || one < 0 || two < 1) {
      return -1;
    }
    if (isYear(one) && reading.end(run) - reading.start(run) == 4) {
      boolean kanji = separator == '年' && reading.at(end) == '日';
      return Checks.date(two, three) ? end + (kanji ? 1 : 0) : -1;
    }
    boolean day = Checks.date(two, one) || Checks.date(one, two);
    int digits = end - reading.start(run + 2);
    return day && (digits == 4 ? isYear(three) : digits == 2 && three >= 0) ? end : -1;
  }

  /// What stands behind a run of a date, 0 when the next run does not belong to it.
  private static char separator(Reading reading, int run) {
    int from = reading.end(run);
    int to = reading.start(run + 1);
    char first = reading.at(from);
    if (to - from > 2 || (to - from == 2 && reading.at(from + 1) != ' ')) {
      return 0;
    }
    if (first == '年' || first == '月') {
      return '年';
    }
    return first == '/' || first == '-' || first == '.' || first == ' ' ? first : 0;
  }

  /// `12 March 1985`, `12th of March, 1985`, `12-Mar-85`.
  private static int dayThenMonth(Reading reading, int run) {
    if (!mayBeDay(reading, run)) {
      return -1;
    }
    int word = wordFrom(reading, reading.end(run));
    if (reading.at(word) == 'o' && reading.at(word + 1) == 'f' && reading.at(word + 2) == ' ') {
      word += 3;
    } else if (reading.at(word) == 'd' && reading.at(word + 1) == 'e') {
      word += 3;
    }
    int end = Character.isLetter(reading.at(word)) ? reading.wordAt(word, Topic.MONTH) : -1;
    return end > 0 ? year(reading, run + 1, end) : -1;
  }

  private static int wordFrom(Reading reading, int place) {
    int word = place;
    while (word < place + 2 && " .-/".indexOf(reading.at(word)) >= 0) {
      word++;
    }
    return word;
  }

  private static boolean mayBeDay(Reading reading, int run) {
    int day = number(reading, run);
    return day > 0 && day < 32 && reading.mentions(Topic.MONTH.bit());
  }

  /// The start of a month before the run, as in `March 12, 1985`.
  private static int monthBefore(Reading reading, int run) {
    if (!mayBeDay(reading, run)) {
      return -1;
    }
    int start = reading.start(run);
    int month = reading.wordBefore(start - 1, Topic.MONTH);
    return month >= 0 ? month : reading.wordBefore(start - 2, Topic.MONTH);
  }

  /// The end of the run when it is a year right behind the place, -1 when it is not.
  private static int year(Reading reading, int run, int place) {
    if (run >= reading.runs() || reading.start(run) - place > 4) {
      return -1;
    }
    int digits = reading.end(run) - reading.start(run);
    int year = number(reading, run);
    return year >= 0 && (digits == 2 || isYear(year)) ? reading.end(run) : -1;
  }

  private static boolean isYear(int number) {
    return number >= OLDEST && number < YOUNGEST;
  }

  /// The number of a run, which may end as in `12th`; -1 when it is none.
  private static int number(Reading reading, int run) {
    int end = reading.end(run);
    int number = 0;
    for (int i = reading.start(run); i < end; i++) {
      char c = reading.at(i);
      if (!Reading.isDigit(c)) {
        return i > reading.start(run) && end - i == 2 && Character.isLetter(c) ? number : -1;
      }
      number = 10 * number + c - '0';
    }
    return number;
  }
}
