package io.watchgate.security.pii;

import java.util.List;

/// Looks for phone numbers: international ones, those that are written as in North America, those
/// that a region gives out, and near a word such as `call` whatever may be dialled.
final class Phones implements Looker {
  private static final int FEWEST_DIGITS = 7;
  private static final int MOST_DIGITS = 15;
  private static final int THING_NEAR = 12;

  /// Less than an id with a check digit is worth, and more.
  private static final double DIALLED = 0.6;

  private static final double TOLD = 0.8;
  private static final long PHONE = Topic.PHONE.bit();

  private final NumberingPlan plan;
  private final boolean american;

  /// @param regions two-letter codes of regions whose numbers are known without a calling code
  Phones(List<String> regions) {
    plan = new NumberingPlan(regions);
    american = regions.contains("US") || regions.contains("CA");
  }

  @Override
  public void look(Reading reading, Finds finds) {
    var groups = new PhoneGroups();
    boolean told = reading.mentions(PHONE);
    int done = 0;
    int before = 0;
    for (int run = 0; run < reading.runs(); run++) {
      int start = reading.start(run);
      if (start < done) {
        continue;
      }
      // Inside a list of numbers only what is written like a phone is one.
      boolean first = before == done || !PhoneGroups.isJoined(reading, before, start);
      if (groups.read(reading, run, first, first && told)) {
        done = Math.max(done, longest(reading, groups, first && told, finds));
      }
      before = done > start ? done : reading.end(run);
    }
  }

  /// Takes as many groups as make a number.
  ///
  /// @return the end of the number, 0 when there is none
  private int longest(Reading reading, PhoneGroups groups, boolean free, Finds finds) {
    boolean unknown = free;
    boolean told = false;
    for (int count = groups.count(); count > 0 && groups.digits(count) >= FEWEST_DIGITS; count--) {
      int end = groups.end(count);
      if (groups.isPartOfMore(reading, end)) {
        continue;
      }
      double score = score(groups, count);
      if (score < 0.85 && reading.isRightBefore(groups.start(), Topic.THING, THING_NEAR)) {
        score = 0;
      }
      if (score == 0 && groups.digits(count) <= MOST_DIGITS && !groups.isDate(count)) {
        told = unknown ? (reading.topics(groups.start(), end) & PHONE) != 0 : told;
        unknown = false;
        score = told ? TOLD : 0;
      }
      if (score > 0) {
        int last = extension(reading, groups.closes(reading, end) ? end + 1 : end);
        finds.add("phone", groups.start(), last, score);
        return last;
      }
    }
    return 0;
  }

  private double score(PhoneGroups groups, int count) {
    int digits = groups.digits(count);
    if (groups.isInternational()) {
      return CallingCodes.isPossible(groups.digits(), 0, digits) ? 0.85 : 0;
    }
    if (groups.isAmerican(count)) {
      return american ? 0.8 : 0;
    }
    if (groups.dials(count)) {
      return DIALLED;
    }
    boolean written = count > 1 && groups.digits()[0] == 0;
    boolean other = groups.isDate(count) || groups.isInFours(count);
    return written && !other && digits > 8 && plan.isValid(groups.digits(), digits) ? DIALLED : 0;
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
      var name = reading.string().substring(at, word);
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
}
