package io.watchgate.plugin;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/// One thing that happened, as the audit keeps it: what a client asked, how that ended, what a
/// server said or asked, what was refused, what became of servers, sessions and the configuration.
/// Never holds what a plugin hides from others.
///
/// @param ending empty for what has not ended yet, and for what has no end
/// @param plugins what each plugin said, in the order of time
/// @param more members that only records of this kind have, an object
public record AuditRecord(
    Instant time,
    Event event,
    Origin origin,
    Subject subject,
    Optional<Ending> ending,
    Payload payload,
    List<Judgement> plugins,
    Json more) {

  /// As they are spelled.
  private static final List<String> EVENTS = words(Event.values());

  private static final List<String> OUTCOMES = words(Outcome.values());
  private static final int SMALL = 64;
  private static final Instant YEAR_0 = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");
  private static final int TIME_LENGTH = "2000-01-01T00:00:00.000Z".length();

  private static final int NANOS_PER_MICROSECOND = 1_000;
  private static final int NANOS_PER_MILLISECOND = 1_000_000;
  private static final int MICROS_PER_MILLISECOND = 1_000;

  /// What a record is about.
  public enum Event {
    REQUEST,
    RESPONSE,
    NOTIFICATION,
    REFUSAL,
    LIFECYCLE,
    CONFIG
  }

  /// How it ended, or how far it came.
  public enum Outcome {
    /// It goes on as it came.
    ALLOWED,
    /// It goes on as plugins changed it.
    MODIFIED,
    /// A plugin stopped it.
    BLOCKED,
    /// It is answered with a result.
    COMPLETED,
    ERROR,
    TIMEOUT,
    CANCELLED,
    UNAVAILABLE,
    OVERLOADED
  }

  /// Who asked, and in which of its conversations.
  ///
  /// @param requestId links the records of one exchange, the same in no other
  /// @param traceId of the trace that the exchange is part of, 32 hexadecimal digits
  /// @param session tells a conversation from others, and is no secret
  /// @param principal who authenticated
  /// @param client what the client calls itself
  public record Origin(
      Optional<String> requestId,
      Optional<String> traceId,
      Optional<String> session,
      Optional<String> principal,
      Optional<String> client) {
    /// Of what no client is behind.
    public static final Origin GATEWAY =
        new Origin(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  /// What was asked of whom.
  ///
  /// @param server empty where the gateway answers by itself, or none was asked
  /// @param method of MCP, or what happened inside the gateway, as `upstream/failed`
  /// @param name of a tool or prompt, or a URI, as the server knows it
  public record Subject(Optional<String> server, String method, Optional<String> name) {}

  /// How it ended, or how far it came.
  ///
  /// @param code of the error, empty when there was none
  /// @param duration since it came in, empty where nothing took time
  /// @param reason for people, empty where there is nothing to say
  public record Ending(
      Outcome outcome, OptionalInt code, Optional<Duration> duration, String reason) {}

  /// The message itself.
  ///
  /// @param in bytes that came in
  /// @param out bytes that went out
  /// @param digest SHA-256 of it in hexadecimal, where that is worth keeping
  /// @param body as it was after plugins were through with it, only where a recorder keeps bodies
  public record Payload(
      OptionalInt in, OptionalInt out, Optional<String> digest, Optional<Json> body) {
    /// Of what is no message.
    public static final Payload NONE =
        new Payload(OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty());
  }

  /// What a plugin said.
  ///
  /// @param verdict `pass`, `replace`, `block`, `complete` or `failed`
  /// @param reason for people, empty for none; never what was hidden
  public record Judgement(String plugin, String verdict, String reason) {}

  /// A record of what is no message, and of what plugins said nothing.
  public static AuditRecord of(
      Instant time, Event event, Origin origin, Subject subject, Ending ending) {
    return new AuditRecord(
        time,
        event,
        origin,
        subject,
        Optional.of(ending),
        Payload.NONE,
        List.of(),
        Json.EMPTY_OBJECT);
  }

  /// The same with members that only records of its kind have, an object.
  public AuditRecord with(Json others) {
    return new AuditRecord(time, event, origin, subject, ending, payload, plugins, others);
  }

  /// The same with another body, or none.
  public AuditRecord withBody(Optional<Json> body) {
    var other = new Payload(payload.in, payload.out, payload.digest, body);
    return new AuditRecord(time, event, origin, subject, ending, other, plugins, more);
  }

  /// The record as an object, on one line. Members that are absent are left out.
  public Json json() {
    var object = new JsonObject();
    object.add("time", time(time)).add("event", EVENTS.get(event.ordinal()));
    add(object, "request_id", origin.requestId);
    add(object, "trace_id", origin.traceId);
    add(object, "session", origin.session);
    add(object, "principal", origin.principal);
    add(object, "client", origin.client);
    add(object, "server", subject.server);
    object.add("method", subject.method);
    add(object, "name", subject.name);
    if (ending.isPresent()) {
      addEnding(object, ending.get());
    }
    add(object, "bytes_in", payload.in);
    add(object, "bytes_out", payload.out);
    if (!plugins.isEmpty()) {
      object.add("plugins", Json.array(plugins.stream().map(AuditRecord::judgement).toList()));
    }
    add(object, "digest", payload.digest);
    if (payload.body.isPresent()) {
      object.add("body", onOneLine(payload.body.get()));
    }
    for (var member : more.members()) {
      object.add(member.key(), member.value());
    }
    return object.toJson();
  }

  private static void add(JsonObject object, String key, Optional<String> value) {
    if (value.isPresent()) {
      object.add(key, value.get());
    }
  }

  private static void add(JsonObject object, String key, OptionalInt value) {
    if (value.isPresent()) {
      object.add(key, Json.trusted(Integer.toString(value.getAsInt())));
    }
  }

  /// Between the parts of a value there may be line breaks, as somebody wrote it; inside of strings
  /// there are none.
  private static Json onOneLine(Json value) {
    var text = value.toString();
    return text.indexOf('\n') < 0 && text.indexOf('\r') < 0
        ? value
        : Json.trusted(text.replace('\n', ' ').replace('\r', ' '));
  }

  /// RFC 3339 in UTC, milliseconds always, also where they are zero: without the cost of a format.
  private static String time(Instant time) {
    if (time.isBefore(YEAR_0) || !time.isBefore(YEAR_10000)) {
      return time.toString();
    }
    var date = LocalDateTime.ofEpochSecond(time.getEpochSecond(), 0, ZoneOffset.UTC);
    var text = new byte[TIME_LENGTH];
    digits(text, 0, 4, date.getYear());
    text[4] = '-';
    digits(text, 5, 2, date.getMonthValue());
    text[7] = '-';
    digits(text, 8, 2, date.getDayOfMonth());
    text[10] = 'T';
    digits(text, 11, 2, date.getHour());
    text[13] = ':';
    digits(text, 14, 2, date.getMinute());
    text[16] = ':';
    digits(text, 17, 2, date.getSecond());
    text[19] = '.';
    digits(text, 20, 3, time.getNano() / NANOS_PER_MILLISECOND);
    text[23] = 'Z';
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private static void digits(byte[] text, int at, int count, int number) {
    int rest = number;
    for (int i = at + count - 1; i >= at; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  private static void addEnding(JsonObject object, Ending end) {
    object.add("outcome", OUTCOMES.get(end.outcome.ordinal()));
    add(object, "code", end.code);
    if (end.duration.isPresent()) {
      object.add("duration_ms", millis(end.duration.get()));
    }
    if (!end.reason.isEmpty()) {
      object.add("reason", end.reason);
    }
  }

  /// With three decimals, without the cost of a format.
  private static Json millis(Duration took) {
    long micros = took.toNanos() / NANOS_PER_MICROSECOND;
    long rest = micros % MICROS_PER_MILLISECOND;
    return Json.trusted(
        micros / MICROS_PER_MILLISECOND + "." + (rest < 10 ? "00" : rest < 100 ? "0" : "") + rest);
  }

  private static Json judgement(Judgement said) {
    return new JsonObject(SMALL)
        .add("plugin", said.plugin())
        .add("verdict", said.verdict())
        .add("reason", said.reason())
        .toJson();
  }

  private static List<String> words(Enum<?>[] values) {
    return Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
  }
}
