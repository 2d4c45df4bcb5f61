package io.watchgate.downstream;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.jsonrpc.Message;
import java.util.List;

/// What one read from a client brought.
sealed interface Incoming {

  record Single(Message message) implements Incoming {}

  /// Messages together, which are not looked into yet.
  record Batch(List<Json> elements) implements Incoming {}

  /// Reads what a client sent.
  ///
  /// @throws MalformedMessage with the error that answers the client
  static Incoming read(byte[] bytes, Limits limits) throws MalformedMessage {
    var batch = Message.readBatch(bytes, limits);
    return batch.isPresent() ? new Batch(batch.get()) : new Single(Message.read(bytes, limits));
  }
}
