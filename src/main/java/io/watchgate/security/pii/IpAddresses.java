package io.watchgate.security.pii;

import java.util.function.Predicate;

/// Looks for addresses in networks: IPv4, IPv6 in all its forms, and those of network cards.
final class IpAddresses implements Looker {
  private static final int LONGEST = 45;
  private static final int VERSION_NEAR = 12;

  private final Predicate<String> wanted;
  private final boolean publicOnly;

  /// @param publicOnly leaves those alone that belong to no one: private, loopback, documentation
  IpAddresses(Predicate<String> wanted, boolean publicOnly) {
    this.wanted = wanted;
    this.publicOnly = publicOnly;
  }

  @Override
  public void look(Reading reading, Finds finds) {
    if (wanted.test("ip_address")) {
      for (int run = 0; run + 3 < reading.runs(); run++) {
        version4(reading, run, finds);
      }
    }
    int colon = reading.string().indexOf(':');
    while (colon >= 0) {
      colon = reading.string().indexOf(':', colons(reading, colon, finds));
    }
  }

  private void version4(Reading reading, int run, Finds finds) {
    int start = reading.start(run);
    int end = reading.end(run + 3);
    if (end - start > 15 || reading.at(reading.end(run)) != '.') {
      return;
    }
    long address = 0;
    for (int i = 0; i < 4; i++) {
      int from = reading.start(run + i);
      int octet = octet(reading, from, reading.end(run + i));
      if (octet < 0
          || (i > 0 && (from != reading.end(run + i - 1) + 1 || reading.at(from - 1) != '.'))) {
        return;
      }
      address = address << 8 | octet;
    }
    if (!isVersion(reading, start, end) && !(publicOnly && Ranges.isReserved4(address))) {
      finds.add("ip_address", start, end, 0.9);
    }
  }

  /// The value of up to three digits up to 255 without zeros in front, -1 for anything else.
  private static int octet(Reading reading, int from, int to) {
    if (to - from > 3 || (to - from > 1 && reading.at(from) == '0')) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < to; i++) {
      if (!Reading.isDigit(reading.at(i))) {
        return -1;
      }
      value = 10 * value + reading.at(i) - '0';
    }
    return value < 256 ? value : -1;
  }

  /// Whether it is the number of a release, or part of something longer.
  private static boolean isVersion(Reading reading, int start, int end) {
    char before = reading.at(start - 1);
    char after = reading.at(end);
    boolean longer = before == '.' || (after == '.' && isWord(reading.at(end + 1)));
    boolean name =
        (before == '-' && Character.isLetter(reading.at(start - 2)))
            || (after == '-' && Character.isLetter(reading.at(end + 1)));
    boolean pinned = before == '=' && "=~<>!".indexOf(reading.at(start - 2)) >= 0;
    return longer
        || name
        || pinned
        || "~^_".indexOf(before) >= 0
        || after == '_'
        || reading.isRightBefore(start, Topic.VERSION, VERSION_NEAR);
  }

  private static boolean isWord(char c) {
    return Reading.isLetterOrDigit(c);
  }

  /// Looks at the stretch of hexadecimal digits and colons around one.
  ///
  /// @return its end
  private int colons(Reading reading, int colon, Finds finds) {
    int start = colon;
    while (colon - start < 5 && isHex(reading.at(start - 1))) {
      start--;
    }
    int end = colon;
    int colons = 0;
    while (isHex(reading.at(end)) || reading.at(end) == ':' || isDotted(reading, end)) {
      colons += reading.at(end) == ':' ? 1 : 0;
      end++;
    }
    if (colons >= 2 && end - start <= LONGEST + 1 && isBound(reading, start, end)) {
      stretch(reading, start, end, finds);
    }
    return end;
  }

  private static boolean isDotted(Reading reading, int place) {
    return reading.at(place) == '.'
        && Reading.isDigit(reading.at(place - 1))
        && Reading.isDigit(reading.at(place + 1));
  }

  private static boolean isBound(Reading reading, int start, int end) {
    char before = reading.at(start - 1);
    return !isWord(before) && before != '_' && !isWord(reading.at(end)) && reading.at(end) != '_';
  }

  private void stretch(Reading reading, int start, int stop, Finds finds) {
    int end = stop;
    if (reading.at(end - 1) == ':' && reading.at(end - 2) != ':') {
      end--;
    }
    var groups = Version6.parse(reading, start, end);
    if (groups != null && wanted.test("ip_address")) {
      if (!(publicOnly && Ranges.isReserved6(groups))) {
        finds.add("ip_address", start, zoneEnd(reading, end), 0.9);
      }
    } else if (wanted.test("mac_address") && isMac(reading, start, end)) {
      finds.add("mac_address", start, end, 0.9);
    }
  }

  private static int zoneEnd(Reading reading, int end) {
    int zone = end;
    if (reading.at(end) == '%' && isWord(reading.at(end + 1))) {
      zone++;
      while (zone - end < 16 && (isWord(reading.at(zone)) || reading.at(zone) == '-')) {
        zone++;
      }
    }
    return zone;
  }

  private static boolean isMac(Reading reading, int start, int end) {
    if (end - start != 17) {
      return false;
    }
    for (int i = 0; i < 17; i++) {
      char c = reading.at(start + i);
      if (i % 3 == 2 ? c != ':' : !isHex(c)) {
        return false;
      }
    }
    return true;
  }

  static boolean isHex(char c) {
    return Reading.isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }
}
