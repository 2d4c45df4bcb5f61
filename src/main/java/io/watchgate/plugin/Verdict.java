package io.watchgate.plugin;

import io.watchgate.jsonrpc.Json;

/// What becomes of a message by a plugin. Reasons go into the audit record, and that of a block to
/// whoever sent the message: they never repeat what is being hidden.
public sealed interface Verdict {
  /// Goes on as it is, and there is nothing to say.
  Verdict PASS = new Pass("");

  /// The message goes on as it is.
  ///
  /// @param note what was noticed, empty for nothing
  record Pass(String note) implements Verdict {}

  /// The message goes on with another content. What is the same in both stays as it is spelled.
  ///
  /// @param content in place of the parameters, the result or the error object, an object
  record Replace(Json content, String reason) implements Verdict {}

  /// The message goes nowhere, whatever the plugins after this one would say. A request and an
  /// answer become an error -32000, a notification is dropped.
  record Block(String reason) implements Verdict {}

  /// A request is answered without the one who would have to. No other message can be.
  ///
  /// @param answer a result, or an error object
  record Complete(Content answer, String reason) implements Verdict {}
}
