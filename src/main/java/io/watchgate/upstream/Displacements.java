package io.watchgate.upstream;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells who runs the gateway that clients keep taking the sessions with one server from each
/// other: each time costs a new session, and what the server remembered in the old one. Not for
/// several threads at once.
final class Displacements {
  /// So many within the window are no accident.
  static final int MANY = 10;

  private static final Logger log = LoggerFactory.getLogger(Displacements.class);
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final UpstreamContext context;
  private long began;
  private int count;

  Displacements(UpstreamContext context) {
    this.context = context;
    this.began = context.time().nanos();
  }

  /// One more session gave way to that of another client.
  void add() {
    long now = context.time().nanos();
    if (now - began > WINDOW.toNanos()) {
      began = now;
      count = 0;
    }
    count++;
    if (count == MANY) {
      log.warn(
          "server \"{}\": {} sessions within a minute gave way to those of other clients, each of"
              + " which had to be made anew: pool.max allows for {}, raise it",
          context.settings().name(),
          count,
          context.settings().pool().max());
    }
  }
}
