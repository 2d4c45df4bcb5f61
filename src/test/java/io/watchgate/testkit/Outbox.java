package io.watchgate.testkit;

/// Where a fixture's messages go. Every method may be called from any thread.
interface Outbox {

  /// Sends a notification, a request of the server, or anything else that ends nothing.
  void send(String message);

  /// Sends the answer that ends a request.
  void answer(String message);

  /// Sends the answer in many small pieces.
  void answerInPieces(String message);

  /// Writes bytes that need not be a message, framed like one.
  void raw(byte[] bytes);
}
