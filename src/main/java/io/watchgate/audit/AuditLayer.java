package io.watchgate.audit;

import io.watchgate.flow.Call;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Layer;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.AuditUnavailable;
import io.watchgate.flow.Reply;
import io.watchgate.flow.RescueLayer;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.plugin.AuditRecord.Outcome;
import io.watchgate.plugin.Recorder;
import io.watchgate.plugin.Recorder.Receipt;
import java.io.IOException;

/// Has recorded what came in before a server gets it, and how it ended however that was. A call
/// that cannot be recorded is refused, and an answer does not go out before its record is as safe
/// as the recorders promise. Stands around all other layers: nothing returns around it.
///
/// @param recorder all recorders that there are
public record AuditLayer(Recorder recorder, Scribe scribe) implements Layer {

  @Override
  public Handler around(Handler inner) {
    return call -> {
      var trouble = recorder.trouble();
      if (trouble.isPresent()) {
        return refused(call, trouble.get());
      }
      return call.message() instanceof Notification ? notice(inner, call) : answer(inner, call);
    };
  }

  private Reply notice(Handler inner, Call call) throws InterruptedException {
    try {
      return inner.handle(call);
    } finally {
      recorder.record(scribe.notification(call));
    }
  }

  private Reply answer(Handler inner, Call call) throws InterruptedException {
    var entry = new CallEntry(recorder, scribe, call);
    call.trail().beforeSending(entry::begin);
    Reply reply;
    try {
      reply = inner.handle(call);
    } catch (InterruptedException cancelled) {
      entry.end(Outcome.CANCELLED);
      throw cancelled;
    } catch (RuntimeException | Error fault) {
      entry.end(Outcome.ERROR);
      throw fault;
    }
    return kept(call, reply, entry.end(reply));
  }

  private static Reply kept(Call call, Reply reply, Receipt receipt) throws InterruptedException {
    try {
      receipt.await();
      return reply;
    } catch (IOException lost) {
      return refused(call, String.valueOf(lost.getMessage()));
    }
  }

  private static Reply refused(Call call, String cause) {
    if (call.message() instanceof Notification) {
      return new Reply.Accepted();
    }
    var rejection = new Rejection(new AuditUnavailable(cause));
    var version = call.client().session().version();
    return new Reply.Refused(
        RescueLayer.answer(call.request().id(), rejection, version), rejection);
  }
}
