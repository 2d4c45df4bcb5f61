package io.watchgate.audit;

import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Occurrence;
import io.watchgate.flow.Occurrence.AskAnswered;
import io.watchgate.flow.Occurrence.Asked;
import io.watchgate.flow.Occurrence.Configured;
import io.watchgate.flow.Occurrence.Fetched;
import io.watchgate.flow.Occurrence.GatewayChanged;
import io.watchgate.flow.Occurrence.Passage;
import io.watchgate.flow.Occurrence.PluginNoted;
import io.watchgate.flow.Occurrence.Refused;
import io.watchgate.flow.Occurrence.ServerChanged;
import io.watchgate.flow.Occurrence.SessionChanged;
import io.watchgate.flow.Occurrence.Told;
import io.watchgate.flow.Session;
import io.watchgate.flow.Witness;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Message;
import io.watchgate.jsonrpc.Response;
import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.AuditRecord.Ending;
import io.watchgate.plugin.AuditRecord.Event;
import io.watchgate.plugin.AuditRecord.Judgement;
import io.watchgate.plugin.AuditRecord.Origin;
import io.watchgate.plugin.AuditRecord.Outcome;
import io.watchgate.plugin.AuditRecord.Payload;
import io.watchgate.plugin.AuditRecord.Subject;
import io.watchgate.plugin.Recorder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/// Has recorded what happens beside the calls of clients.
public final class AuditWitness implements Witness {
  private static final Ending DONE =
      new Ending(Outcome.ALLOWED, OptionalInt.empty(), Optional.empty(), "");

  private final Supplier<Optional<Recorder>> recorder;
  private final InstantSource clock;
  private final RefusalPace pace = new RefusalPace();

  /// @param recorder all recorders of the moment, empty when there are none
  /// @param clock says when that was
  public AuditWitness(Supplier<Optional<Recorder>> recorder, InstantSource clock) {
    this.recorder = recorder;
    this.clock = clock;
  }

  @Override
  public void saw(Occurrence occurrence) {
    recorder.get().ifPresent(all -> record(occurrence).ifPresent(all::record));
  }

  private Optional<AuditRecord> record(Occurrence occurrence) {
    if (occurrence instanceof Refused refused) {
      var leftOut = pace.next(clock.instant());
      return leftOut.isPresent()
          ? Optional.of(refused(refused, leftOut.getAsLong()))
          : Optional.empty();
    }
    return Optional.of(recorded(occurrence));
  }

  private AuditRecord recorded(Occurrence occurrence) {
    return switch (occurrence) {
      case Told(var passage, var said) ->
          record(Event.NOTIFICATION, passage, said, ending(passage));
      case Asked(var passage, var request) ->
          record(Event.REQUEST, passage, request, ending(passage));
      case AskAnswered(var passage, var request, var response, var took) ->
          answered(passage, request, response, took);
      case Fetched(var passage, var request, var response, var took) ->
          answered(passage, request, Optional.of(response), took);
      case Refused refused -> refused(refused, 0);
      case SessionChanged(var session, var what) ->
          record(
              Event.LIFECYCLE,
              origin(session, Optional.empty()),
              new Subject(Optional.empty(), what, Optional.empty()),
              DONE);
      case ServerChanged(var server, var what, var why) ->
          lifecycle(new Subject(Optional.of(server), what, Optional.empty()), why);
      case PluginNoted(var plugin, var server, var what, var name, var why) ->
          noted(plugin, new Subject(server, what, name.map(Scribe::cut)), why);
      case GatewayChanged(var what, var why) ->
          lifecycle(new Subject(Optional.empty(), what, Optional.empty()), why);
      case Configured configured -> configured(configured);
    };
  }

  private AuditRecord refused(Refused refused, long leftOut) {
    var origin = refused.session().map(one -> origin(one, Optional.empty())).orElse(Origin.GATEWAY);
    var why = Scribe.cut(refused.why());
    var subject = new Subject(Optional.empty(), refused.what(), Optional.empty());
    var ending = new Ending(Outcome.BLOCKED, refused.code(), Optional.empty(), why);
    var bare = record(Event.REFUSAL, origin, subject, ending);
    return leftOut == 0 ? bare : bare.with(Json.object("left_out", leftOut));
  }

  private AuditRecord answered(
      Passage passage, Message request, Optional<Response> response, Duration took) {
    var code = response.map(Scribe::code).orElse(OptionalInt.empty());
    var ended = code.isEmpty() ? Outcome.COMPLETED : Outcome.ERROR;
    var judged = Scribe.passage(Scribe.judgements(passage.judgements()));
    var outcome =
        judged == Outcome.BLOCKED ? judged : response.isEmpty() ? Outcome.CANCELLED : ended;
    return record(
        Event.RESPONSE, passage, request, new Ending(outcome, code, Optional.of(took), ""));
  }

  private static Ending ending(Passage passage) {
    var judged = Scribe.judgements(passage.judgements());
    return new Ending(Scribe.passage(judged), OptionalInt.empty(), Optional.empty(), "");
  }

  /// Of a message between a server and clients.
  private AuditRecord record(Event event, Passage passage, Message message, Ending ending) {
    var name = message.text(Field.NAME).map(Scribe::cut);
    var judged = Scribe.judgements(passage.judgements());
    var method = message.text(Field.METHOD).map(Scribe::cut).orElse("");
    var origin =
        passage.session() == GatewayClient.INSTANCE
            ? new Origin(
                Optional.of(passage.id()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty())
            : origin(passage.session(), Optional.of(passage.id()));
    var isBlocked = ending.outcome() == Outcome.BLOCKED;
    var body = message.field(Field.PARAMS).filter(_ -> !isBlocked);
    return new AuditRecord(
        clock.instant(),
        event,
        origin,
        new Subject(Optional.of(passage.server()), method, name),
        Optional.of(ending),
        new Payload(OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), body),
        judged,
        Json.EMPTY_OBJECT);
  }

  private static Origin origin(Session session, Optional<String> id) {
    return Scribe.origin(session, id, Optional.empty());
  }

  private AuditRecord lifecycle(Subject subject, String why) {
    var words = Scribe.cut(why);
    var ending = new Ending(Outcome.ALLOWED, OptionalInt.empty(), Optional.empty(), words);
    return record(Event.LIFECYCLE, Origin.GATEWAY, subject, ending);
  }

  private AuditRecord noted(String plugin, Subject subject, String why) {
    return new AuditRecord(
        clock.instant(),
        Event.LIFECYCLE,
        Origin.GATEWAY,
        subject,
        Optional.of(DONE),
        Payload.NONE,
        List.of(new Judgement(plugin, "pass", Scribe.cut(why))),
        Json.EMPTY_OBJECT);
  }

  private AuditRecord configured(Configured change) {
    var outcome = change.refusal().isEmpty() ? Outcome.ALLOWED : Outcome.ERROR;
    var why = Scribe.cut(change.refusal().orElse(""));
    var subject = new Subject(Optional.empty(), "config/read", Optional.empty());
    var ending = new Ending(outcome, OptionalInt.empty(), Optional.empty(), why);
    return record(Event.CONFIG, Origin.GATEWAY, subject, ending)
        .with(Json.object("before", change.before(), "after", change.after()));
  }

  private AuditRecord record(Event event, Origin origin, Subject subject, Ending ending) {
    return AuditRecord.of(clock.instant(), event, origin, subject, ending);
  }
}
