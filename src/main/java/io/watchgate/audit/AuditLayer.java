package io.watchgate.audit;

import io.watchgate.audit.AuditRecord.Ending;
import io.watchgate.audit.AuditRecord.Event;
import io.watchgate.audit.AuditRecord.Origin;
import io.watchgate.audit.AuditRecord.Outcome;
import io.watchgate.audit.AuditRecord.Size;
import io.watchgate.audit.AuditRecord.Subject;
import io.watchgate.flow.Call;
import io.watchgate.flow.Fingerprint;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Layer;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Session;
import io.watchgate.flow.Time;
import io.watchgate.flow.Trail.Judgement;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Response;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Records what came in before anything is done for it, and how it ended however that was. Stands
/// around all other layers: nothing returns around it.
///
/// @param clock says when that was
/// @param time measures how long it took
/// @param requestIds gives every call an id that no other call of the log has
public record AuditLayer(
    AuditSink sink, InstantSource clock, Time time, Supplier<String> requestIds) implements Layer {
  /// Names come from clients: no longer than this is kept of one.
  private static final int MAX_NAME_LENGTH = 1024;

  @Override
  public Handler around(Handler inner) {
    return call -> {
      var start = new Start(requestIds.get(), origin(call), subject(call), time.nanos());
      var size = new Size(OptionalInt.of(call.message().toBytes().length), OptionalInt.empty());
      if (call.message() instanceof Notification) {
        write(Event.NOTIFICATION, start, Optional.empty(), size, List.of());
        return inner.handle(call);
      }
      write(Event.REQUEST, start, Optional.empty(), size, List.of());
      return answer(inner, call, start);
    };
  }

  /// What is known of a call when it comes in.
  private record Start(String requestId, Origin origin, Subject subject, long nanos) {
    Start answeredBy(Optional<String> server) {
      return new Start(requestId, origin, subject.at(server), nanos);
    }

    Ending ending(Outcome outcome, OptionalInt code, long endNanos) {
      return new Ending(outcome, code, Duration.ofNanos(endNanos - nanos));
    }
  }

  private Reply answer(Handler inner, Call call, Start start) throws InterruptedException {
    Reply reply = null;
    var outcome = Outcome.ERROR; // unless it turns out otherwise: a fault leaves a record too
    try {
      reply = inner.handle(call);
      outcome = outcome(reply);
      return reply;
    } catch (InterruptedException cancelled) {
      outcome = Outcome.CANCELLED;
      throw cancelled;
    } finally {
      var response = reply == null ? null : reply.response();
      var ending = start.ending(outcome, code(response), time.nanos());
      var said = call.trail().judgements();
      var ended = start.answeredBy(call.trail().server());
      write(Event.RESPONSE, ended, Optional.of(ending), sizeOut(response), said);
    }
  }

  private void write(
      Event event, Start start, Optional<Ending> ending, Size size, List<Judgement> judgements) {
    sink.write(
        new AuditRecord(
            clock.instant(),
            event,
            start.requestId,
            start.origin,
            start.subject,
            ending,
            size,
            judgements,
            Optional.empty()));
  }

  private static Origin origin(Call call) {
    Session session = call.client().session();
    var name = Optional.of(session.clientName()).filter(client -> !client.isEmpty());
    return new Origin(Fingerprint.of(session.key()), Optional.empty(), name.map(AuditLayer::cut));
  }

  private static Subject subject(Call call) {
    var name =
        call.message()
            .text(Field.NAME)
            .or(() -> call.message().text(Field.URI))
            .or(() -> call.message().text(Field.REF_NAME))
            .or(() -> call.message().text(Field.REF_URI));
    return new Subject(Optional.empty(), cut(call.method()), name.map(AuditLayer::cut));
  }

  private static String cut(String name) {
    return name.length() <= MAX_NAME_LENGTH ? name : name.substring(0, MAX_NAME_LENGTH) + "…";
  }

  private static OptionalInt code(@Nullable Response response) {
    return response == null || response.error().isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(response.errorCode());
  }

  private static Size sizeOut(@Nullable Response response) {
    return new Size(
        OptionalInt.empty(),
        response == null ? OptionalInt.empty() : OptionalInt.of(response.toBytes().length));
  }

  private static Outcome outcome(Reply reply) {
    return switch (reply) {
      case Reply.Refused(var _, var rejection) -> outcome(rejection.reason());
      case Reply.Answered(var response) ->
          response.error().isEmpty() ? Outcome.COMPLETED : Outcome.ERROR;
      case Reply.Accepted() -> Outcome.COMPLETED;
    };
  }

  private static Outcome outcome(Rejection.Reason reason) {
    return switch (reason) {
      case Rejection.Unavailable _, Rejection.CircuitOpen _ -> Outcome.UNAVAILABLE;
      case Rejection.TimedOut _ -> Outcome.TIMEOUT;
      case Rejection.Overloaded _ -> Outcome.OVERLOADED;
      case Rejection.ShuttingDown _ -> Outcome.CANCELLED;
      case Rejection.Blocked _ -> Outcome.BLOCKED;
      case Rejection.PluginFailed _,
          Rejection.MethodNotFound _,
          Rejection.UnknownTool _,
          Rejection.UnknownServer _,
          Rejection.UnknownResource _,
          Rejection.InvalidParams _,
          Rejection.InvalidRequest _,
          Rejection.MalformedMeta _,
          Rejection.UnsupportedVersion _,
          Rejection.HeaderMismatch _,
          Rejection.MissingCapability _ ->
          Outcome.ERROR;
    };
  }
}
