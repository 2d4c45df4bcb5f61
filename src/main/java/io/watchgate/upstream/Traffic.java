package io.watchgate.upstream;

import io.watchgate.flow.Histogram;
import java.util.concurrent.atomic.LongAdder;

/// What went to one server and came from it, over all sessions. Counting takes no lock.
public final class Traffic {
  private final LongAdder sent = new LongAdder();
  private final LongAdder received = new LongAdder();
  private final Histogram poolWaits = new Histogram();

  /// Bytes of messages that were handed to transports.
  public long sentBytes() {
    return sent.sum();
  }

  /// Bytes of messages that came, and of the beginnings of those that were too large.
  public long receivedBytes() {
    return received.sum();
  }

  /// How long calls waited for a session that had to, also in vain.
  public Histogram poolWaits() {
    return poolWaits;
  }

  void sent(int bytes) {
    sent.add(bytes);
  }

  void received(int bytes) {
    received.add(bytes);
  }
}
