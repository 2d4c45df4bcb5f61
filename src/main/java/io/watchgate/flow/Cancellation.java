package io.watchgate.flow;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Why a call was cancelled, in the client's words. Written by the thread that reads from the
/// client before it interrupts the call's thread.
public final class Cancellation {
  private volatile @Nullable String reason;

  public void because(String words) {
    reason = words;
  }

  public Optional<String> reason() {
    return Optional.ofNullable(reason);
  }
}
