package io.watchgate.upstream;

/// A link in a pool and the calls that use it, for the holder of the pool's lock.
final class Place {
  private final String key;
  private final Link link;
  private int calls;
  private boolean takenAlone;
  private long usedNanos;

  /// @param nanos the time now
  Place(String key, Link link, long nanos) {
    this.key = key;
    this.link = link;
    this.usedNanos = nanos;
  }

  String key() {
    return key;
  }

  Link link() {
    return link;
  }

  /// Whether a call uses the link that no other such call may share it with.
  boolean isTakenAlone() {
    return takenAlone;
  }

  void take(boolean alone) {
    calls++;
    takenAlone |= alone;
  }

  /// The use ends as it was begun.
  void giveBack(boolean alone, long nanos) {
    calls--;
    takenAlone &= !alone;
    usedNanos = nanos;
  }

  void touch(long nanos) {
    usedNanos = nanos;
  }

  boolean isIdle() {
    return calls == 0 && !link.isBusy();
  }

  long usedNanos() {
    return usedNanos;
  }
}
