package io.watchgate.audit;

import io.watchgate.flow.Call;
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

  /// What came in.
  ///
  /// @param sent as it goes to a server, empty when it does not
  AuditRecord request(Call call, Optional<Message> sent) {
    var judged = judgements(call.trail());
    var size = OptionalInt.of(call.message().wireLength());
    var body = sent.flatMap(message -> message.field(Field.PARAMS));
    return record(
        call,
        Event.REQUEST,
        new Subject(call.trail().server(), cut(call.method()), name(call, sent)),
        new Ending(passage(judged), OptionalInt.empty(), Optional.empty(), ""),
        new Payload(size, OptionalInt.empty(), original(call.message(), judged), body));
  }

  /// A notification of a client, when it was taken where it goes.
  AuditRecord notification(Call call) {
    var judged = judgements(call.trail());
    var size = OptionalInt.of(call.message().wireLength());
    boolean isAsItCame = judged.stream().noneMatch(said -> isAct(said.verdict()));
    var body = Optional.of(call.message()).filter(_ -> isAsItCame);
    return record(
        call,
        Event.NOTIFICATION,
        new Subject(call.trail().server(), cut(call.method()), name(call, body)),
        new Ending(passage(judged), OptionalInt.empty(), Optional.empty(), ""),
        new Payload(
            size,
            OptionalInt.empty(),
            original(call.message(), judged),
            body.flatMap(message -> message.field(Field.PARAMS))));
  }

  /// How a call with a reply ended.
  ///
  /// @param began by `nanos`
  AuditRecord response(Call call, Optional<Message> sent, Reply reply, long began) {
    var response = reply.response();
    var outcome = outcome(reply);
    var isList = ListKind.ofMethod(call.method()).isPresent();
    var digest = isList ? response.result().map(list -> Hash.of(list.toBytes())) : none();
    var body = response.result().or(response::error).filter(_ -> outcome != Outcome.BLOCKED);
    var code = response.error().isEmpty() ? OptionalInt.empty() : code(response);
    var size = OptionalInt.of(response.wireLength());
    return record(
        call,
        Event.RESPONSE,
        new Subject(call.trail().server(), cut(call.method()), name(call, sent)),
        new Ending(outcome, code, since(began), ""),
        new Payload(OptionalInt.empty(), size, digest, body));
  }

  /// How a call without a reply ended.
  AuditRecord response(Call call, Optional<Message> sent, Outcome outcome, long began) {
    return record(
        call,
        Event.RESPONSE,
        new Subject(call.trail().server(), cut(call.method()), name(call, sent)),
        new Ending(outcome, OptionalInt.empty(), since(began), ""),
        Payload.NONE);
  }

  private static Optional<String> none() {
    return Optional.empty();
  }

  private static OptionalInt code(Response response) {
    return OptionalInt.of(response.errorCode());
  }

  private Optional<Duration> since(long began) {
    return Optional.of(Duration.ofNanos(time.nanos() - began));
  }

  private AuditRecord record(
      Call call, Event event, Subject subject, Ending ending, Payload payload) {
    var id = Optional.of(call.trail().id(ids));
    return new AuditRecord(
        clock.instant(),
        event,
        origin(call.client().session(), id, call.trail().trace()),
        subject,
        Optional.of(ending),
        payload,
        judgements(call.trail()),
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

  static List<Judgement> judgements(Trail trail) {
    return judgements(trail.judgements());
  }

  static List<Judgement> judgements(List<Trail.Judgement> said) {
    return said.stream()
        .map(one -> new Judgement(one.plugin(), one.verdict(), one.reason()))
        .toList();
  }

  /// The name of a tool or prompt as the client wrote it. A URI may hold what plugins hide: it is
  /// told as the server got it, and not at all where plugins stopped it.
  private static Optional<String> name(Call call, Optional<Message> sent) {
    var message = call.message();
    var named = message.text(Field.NAME).or(() -> message.text(Field.REF_NAME));
    boolean isHidden =
        sent.isEmpty()
            && call.trail().judgements().stream().anyMatch(each -> isAct(each.verdict()));
    return named.or(() -> isHidden ? Optional.empty() : uri(sent.orElse(message))).map(Scribe::cut);
  }

  private static Optional<String> uri(Message message) {
    return message.text(Field.URI).or(() -> message.text(Field.REF_URI));
  }

  static String cut(String name) {
    return name.length() <= MAX_NAME_LENGTH ? name : name.substring(0, MAX_NAME_LENGTH) + "…";
  }

  /// Whether a verdict does something to a message.
  static boolean isAct(String verdict) {
    return !verdict.equals("pass");
  }

  /// Which message that was, where nobody can see it any more.
  private static Optional<String> original(Message message, List<Judgement> judged) {
    return judged.stream().anyMatch(said -> isAct(said.verdict()))
        ? Optional.of(Hash.of(message.toBytes()))
        : Optional.empty();
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
