package io.watchgate.faults;

import java.nio.file.Path;
import java.time.Duration;

/// Where and for how long rows run.
///
/// @param directory gets what the gateways of a row write
/// @param quick whether all rows together should take minutes, not half an hour
record Bench(Path directory, boolean quick) {
  int times(int quickly, int fully) {
    return quick ? quickly : fully;
  }

  Duration seconds(int quickly, int fully) {
    return Duration.ofSeconds(times(quickly, fully));
  }
}
