package io.watchgate.jsonrpc;

import java.util.Optional;

/// What can be told of bytes that were refused as a message: enough to tell those who wait for it.
///
/// @param id its id, empty when none could be read
/// @param isRequest whether it has a method
/// @param isResponse whether it has a result or an error
public record Glimpse(Optional<RequestId> id, boolean isRequest, boolean isResponse) {
  static final Glimpse NOTHING = new Glimpse(Optional.empty(), false, false);

  /// Looks at a message that was refused, or at the first bytes of one.
  public static Glimpse of(byte[] refused, Limits limits) {
    return Scanner.glimpse(refused, limits);
  }
}
