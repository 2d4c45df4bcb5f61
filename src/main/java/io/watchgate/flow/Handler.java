package io.watchgate.flow;

/// Takes a call to its reply, on the caller's thread. A server is a handler, the router is a
/// handler, and so is every layer around them.
@FunctionalInterface
public interface Handler {

  /// Answers one call.
  ///
  /// @throws Rejection when the call cannot be answered
  /// @throws InterruptedException when the client cancelled the call or went away
  Reply handle(Call call) throws InterruptedException;
}
