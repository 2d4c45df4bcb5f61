package io.watchgate.security.pii;

/// The ranges of addresses that belong to no one in particular.
final class Ranges {
  /// Network and length of its prefix: private, shared, loopback, link-local, documentation,
  /// benchmarks, multicast, reserved.
  private static final long[][] RESERVED = {
    {0x00000000L, 8}, {0x0A000000L, 8}, {0x64400000L, 10}, {0x7F000000L, 8},
    {0xA9FE0000L, 16}, {0xAC100000L, 12}, {0xC0000000L, 24}, {0xC0000200L, 24},
    {0xC0A80000L, 16}, {0xC6120000L, 15}, {0xC6336400L, 24}, {0xCB007100L, 24},
    {0xE0000000L, 4}, {0xF0000000L, 4},
  };

  private Ranges() {}

  static boolean isReserved4(long address) {
    for (var range : RESERVED) {
      if (address >>> (32 - range[1]) == range[0] >>> (32 - range[1])) {
        return true;
      }
    }
    return false;
  }

  static boolean isReserved6(int[] groups) {
    int first = groups[0];
    if (first == 0 && groups[1] == 0 && groups[2] == 0 && groups[3] == 0 && groups[4] == 0) {
      boolean mapped = groups[5] == 0xFFFF;
      return !mapped || isReserved4((long) groups[6] << 16 | groups[7]);
    }
    return (first & 0xFE00) == 0xFC00
        || (first & 0xFFC0) == 0xFE80
        || (first & 0xFF00) == 0xFF00
        || (first == 0x2001 && groups[1] == 0x0DB8)
        || (first == 0x3FFF && groups[1] < 0x1000);
  }
}
