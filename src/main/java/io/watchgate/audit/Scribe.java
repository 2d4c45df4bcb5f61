package io.watchgate.audit;

import io.watchgate.flow.Call;
import io.watchgate.flow.Fingerprint;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Session;
import io.watchgate.flow.Time;
import io.watchgate.flow.Trail;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Message;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ListKind;
import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.AuditRecord.Ending;
import io.watchgate.plugin.AuditRecord.Event;
import io.watchgate.plugin.AuditRecord.Judgement;
import io.watchgate.plugin.AuditRecord.Origin;
import io.watchgate.plugin.AuditRecord.Outcome;
import io.watchgate.plugin.AuditRecord.Payload;
import io.watchgate.plugin.AuditRecord.Subject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/// Puts calls into records.
///
/// @param clock says when that was
/// @param time measures how long it took
/// @param ids gives every call an id that no other call of the log has
public record Scribe(InstantSource clock, Time time, Supplier<String> ids) {
  /// Names come from clients: no longer than this is kept of one.
  private static final int MAX_NAME_LENGTH = 1024;

  long nanos() {
    return time.nanos();
  }

  /// A call as it is to be recorded.
  ///
  /// @param sent as it goes to a server, empty when it does not
  /// @param judged what plugins said of it so far
  private record Entry(Call call, Optional<Message> sent, List<Judgement> judged) {
    static Entry of(Call call, Optional<Message> sent) {
      return new Entry(call, sent, judgements(call.trail().judgements()));
    }

    /// Whether plugins did something to it.
    boolean isActedOn() {
      return judged.stream().anyMatch(said -> !said.verdict().equals("pass"));
    }

    Subject subject() {
      return new Subject(call.trail().server(), cut(call.method()), name().map(Scribe::cut));
    }

    /// The name of a tool or prompt as the client wrote it. A URI may hold what plugins hide: it is
    /// told as the server got it, and not at all where plugins stopped it.
    private Optional<String> name() {
      var message = call.message();
      var named = message.text(Field.NAME).or(() -> message.text(Field.REF_NAME));
      boolean isHidden = sent.isEmpty() && isActedOn();
      return named.or(() -> isHidden ? Optional.empty() : uri(sent.orElse(message)));
    }

    /// How it came in, and its digest where nobody can see it any more.
    Payload came(Optional<Json> body) {
      var digest =
          isActedOn()
              ? Optional.of(Fingerprint.whole(call.message().toBytes()))
              : Optional.<String>empty();
      var size = OptionalInt.of(call.message().wireLength());
      return new Payload(size, OptionalInt.empty(), digest, body);
    }

    Ending passed() {
      return new Ending(passage(judged), OptionalInt.empty(), Optional.empty(), "");
    }
  }

  /// What came in.
  ///
  /// @param sent as it goes to a server, empty when it does not
  AuditRecord request(Call call, Optional<Message> sent) {
    var entry = Entry.of(call, sent);
    return record(Event.REQUEST, entry, entry.passed(), entry.came(sent.flatMap(Scribe::params)));
  }

  /// A notification of a client, when it was taken where it goes.
  AuditRecord notification(Call call) {
    var whole = Entry.of(call, Optional.of(call.message()));
    var entry = whole.isActedOn() ? new Entry(call, Optional.empty(), whole.judged()) : whole;
    var body = entry.sent().flatMap(Scribe::params);
    return record(Event.NOTIFICATION, entry, entry.passed(), entry.came(body));
  }

  private static Optional<Json> params(Message message) {
    return message.field(Field.PARAMS);
  }

  /// How a call with a reply ended.
  ///
  /// @param began by `nanos`
  AuditRecord response(Call call, Optional<Message> sent, Reply reply, long began) {
    var response = reply.response();
    var outcome = outcome(reply);
    var isList = ListKind.ofMethod(call.method()).isPresent();
    var digest =
        response.result().filter(_ -> isList).map(list -> Fingerprint.whole(list.toBytes()));
    var body = response.result().or(response::error).filter(_ -> outcome != Outcome.BLOCKED);
    var size = OptionalInt.of(response.wireLength());
    return record(
        Event.RESPONSE,
        Entry.of(call, sent),
        new Ending(outcome, code(response), since(began), ""),
        new Payload(OptionalInt.empty(), size, digest, body));
  }

  /// How a call without a reply ended.
  AuditRecord response(Call call, Optional<Message> sent, Outcome outcome, long began) {
    return record(
        Event.RESPONSE,
        Entry.of(call, sent),
        new Ending(outcome, OptionalInt.empty(), since(began), ""),
        Payload.NONE);
  }

  /// Of the error, empty when there is none.
  static OptionalInt code(Response response) {
    return response.error().isEmpty() ? OptionalInt.empty() : OptionalInt.of(response.errorCode());
  }

  private Optional<Duration> since(long began) {
    return Optional.of(Duration.ofNanos(time.nanos() - began));
  }

  private AuditRecord record(Event event, Entry entry, Ending ending, Payload payload) {
    var call = entry.call();
    var id = Optional.of(call.trail().id(ids));
    return new AuditRecord(
        clock.instant(),
        event,
        origin(call.client().session(), id, call.trail().trace()),
        entry.subject(),
        Optional.of(ending),
        payload,
        entry.judged(),
        Json.EMPTY_OBJECT);
  }

  static Origin origin(Session session, Optional<String> id, Optional<String> trace) {
    var name = Optional.of(session.clientName()).filter(client -> !client.isEmpty());
    return new Origin(
        id,
        trace,
        Optional.of(session.fingerprint()),
        Optional.of(session.principal()).filter(principal -> !principal.isEmpty()),
        name.map(Scribe::cut));
  }

  static List<Judgement> judgements(List<Trail.Judgement> said) {
    if (said.isEmpty()) {
      return List.of();
    }
    return said.stream()
        .map(one -> new Judgement(one.plugin(), one.verdict(), one.reason()))
        .toList();
  }

  private static Optional<String> uri(Message message) {
    return message.text(Field.URI).or(() -> message.text(Field.REF_URI));
  }

  static String cut(String name) {
    return name.length() <= MAX_NAME_LENGTH ? name : name.substring(0, MAX_NAME_LENGTH) + "…";
  }

  /// What plugins made of a message so far.
  static Outcome passage(List<Judgement> judged) {
    var outcome = Outcome.ALLOWED;
    for (var said : judged) {
      outcome =
          switch (said.verdict()) {
            case "replace" -> Outcome.MODIFIED;
            case "block" -> Outcome.BLOCKED;
            case "complete" -> Outcome.COMPLETED;
            default -> outcome;
          };
    }
    return outcome;
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
          Rejection.AuditUnavailable _,
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
