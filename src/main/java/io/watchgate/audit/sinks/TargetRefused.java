package io.watchgate.audit.sinks;

import java.io.IOException;

/// A target will not keep a batch, however often it is asked.
final class TargetRefused extends IOException {
  private static final long serialVersionUID = 1;

  TargetRefused(String why) {
    super(why);
  }
}
