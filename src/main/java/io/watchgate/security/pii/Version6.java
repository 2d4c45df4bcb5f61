package io.watchgate.security.pii;

import org.jspecify.annotations.Nullable;

/// Reads an IPv6 address.
final class Version6 {
  private Version6() {}

  /// The eight groups of an address, null when it is none. `::` alone and what could as well be a
  /// scope in a program, such as `a::b`, is none.
  static int @Nullable [] parse(Reading reading, int start, int end) {
    var groups = new int[8];
    int count = 0;
    int gap = -1;
    int digits = 0;
    int i = start;
    while (i < end) {
      if (reading.at(i) == ':') {
        boolean twice = reading.at(i + 1) == ':' && i + 1 < end;
        if ((twice && gap >= 0) || (!twice && (i == start || i + 1 == end))) {
          return null;
        }
        gap = twice ? count : gap;
        i += twice ? 2 : 1;
        continue;
      }
      int stop = i;
      while (stop < end && reading.at(stop) != ':') {
        stop++;
      }
      int added = group(reading, i, stop, groups, count);
      if (added == 0) {
        return null;
      }
      count += added;
      digits += stop - i;
      i = stop;
    }
    boolean whole = gap < 0 ? count == 8 : count < 8;
    return whole && isSure(reading, start, count, digits) ? spread(groups, count, gap) : null;
  }

  private static boolean isSure(Reading reading, int start, int count, int digits) {
    boolean loopback = count == 1 && digits == 1 && reading.at(start) == ':';
    return (digits > 2 && count > 1) || digits > 3 || (loopback && reading.at(start + 2) == '1');
  }

  /// How many groups were read: two for an IPv4 address at the end, 0 for what is no group.
  private static int group(Reading reading, int from, int to, int[] groups, int count) {
    if (count < 7 && reading.string().indexOf('.', from, to) >= 0) {
      return dotted(reading, from, to, groups, count);
    }
    if (to - from > 4 || count > 7) {
      return 0;
    }
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = Character.digit(reading.at(i), 16);
      if (digit < 0) {
        return 0;
      }
      value = value << 4 | digit;
    }
    groups[count] = value;
    return 1;
  }

  private static int dotted(Reading reading, int from, int to, int[] groups, int count) {
    int octets = 0;
    int value = 0;
    int octet = 0;
    for (int i = from; i <= to; i++) {
      char c = i < to ? reading.at(i) : '.';
      if (c == '.') {
        value = value << 8 | octet;
        octets++;
        octet = 0;
      } else if (Reading.isDigit(c)) {
        octet = 10 * octet + c - '0';
      } else {
        return 0;
      }
      if (octet > 255 || octets > 4) {
        return 0;
      }
    }
    groups[count] = value >>> 16;
    groups[count + 1] = value & 0xFFFF;
    return octets == 4 ? 2 : 0;
  }

  private static int[] spread(int[] groups, int count, int gap) {
    if (gap < 0) {
      return groups;
    }
    var spread = new int[8];
    System.arraycopy(groups, 0, spread, 0, gap);
    System.arraycopy(groups, gap, spread, 8 - (count - gap), count - gap);
    return spread;
  }
}
