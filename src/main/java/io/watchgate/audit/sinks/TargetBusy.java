package io.watchgate.audit.sinks;

import java.io.IOException;
import java.time.Duration;

/// A target wants to be left alone for a while.
final class TargetBusy extends IOException {
  private static final long serialVersionUID = 1;

  private final Duration pause;

  TargetBusy(String why, Duration pause) {
    super(why);
    this.pause = pause;
  }

  Duration pause() {
    return pause;
  }
}
