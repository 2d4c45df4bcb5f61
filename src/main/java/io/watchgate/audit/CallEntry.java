package io.watchgate.audit;

import io.watchgate.flow.Call;
import io.watchgate.flow.Reply;
import io.watchgate.jsonrpc.Message;
import io.watchgate.plugin.AuditRecord.Outcome;
import io.watchgate.plugin.Recorder;
import io.watchgate.plugin.Recorder.Receipt;
import java.util.Optional;

/// The two records of one call: the first when it goes to a server, or ends before one, the second
/// when it ends. Several servers may be asked at the same time.
final class CallEntry {
  private final Recorder recorder;
  private final Scribe scribe;
  private final Call call;
  private final long began;
  private Optional<Message> sent = Optional.empty();
  private boolean isBegun;

  CallEntry(Recorder recorder, Scribe scribe, Call call) {
    this.recorder = recorder;
    this.scribe = scribe;
    this.call = call;
    this.began = scribe.nanos();
  }

  /// The call goes to a server.
  ///
  /// @param message as plugins left it
  void begin(Message message) {
    begin(Optional.of(message));
  }

  private synchronized void begin(Optional<Message> message) {
    if (!isBegun) {
      isBegun = true;
      sent = message;
      recorder.record(scribe.request(call, message));
    }
  }

  /// The call has a reply.
  Receipt end(Reply reply) {
    begin(Optional.empty());
    return recorder.record(scribe.response(call, sent(), reply, began));
  }

  /// The call ends without a reply.
  void end(Outcome outcome) {
    begin(Optional.empty());
    recorder.record(scribe.response(call, sent(), outcome, began));
  }

  private synchronized Optional<Message> sent() {
    return sent;
  }
}
