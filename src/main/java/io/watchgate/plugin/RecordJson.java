package io.watchgate.plugin;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.JsonKey;
import io.watchgate.jsonrpc.JsonObject;
import io.watchgate.plugin.AuditRecord.Ending;
import io.watchgate.plugin.AuditRecord.Event;
import io.watchgate.plugin.AuditRecord.Judgement;
import io.watchgate.plugin.AuditRecord.Outcome;
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

/// Spells records as JSON: there are two for each call.
final class RecordJson {
  private static final JsonKey TIME = new JsonKey("time");
  private static final JsonKey EVENT = new JsonKey("event");
  private static final JsonKey REQUEST_ID = new JsonKey("request_id");
  private static final JsonKey TRACE_ID = new JsonKey("trace_id");
  private static final JsonKey SESSION = new JsonKey("session");
  private static final JsonKey PRINCIPAL = new JsonKey("principal");
  private static final JsonKey CLIENT = new JsonKey("client");
  private static final JsonKey SERVER = new JsonKey("server");
  private static final JsonKey METHOD = new JsonKey("method");
  private static final JsonKey NAME = new JsonKey("name");
  private static final JsonKey OUTCOME = new JsonKey("outcome");
  private static final JsonKey CODE = new JsonKey("code");
  private static final JsonKey DURATION_MS = new JsonKey("duration_ms");
  private static final JsonKey REASON = new JsonKey("reason");
  private static final JsonKey BYTES_IN = new JsonKey("bytes_in");
  private static final JsonKey BYTES_OUT = new JsonKey("bytes_out");
  private static final JsonKey PLUGINS = new JsonKey("plugins");
  private static final JsonKey DIGEST = new JsonKey("digest");
  private static final JsonKey BODY = new JsonKey("body");
  private static final JsonKey PLUGIN = new JsonKey("plugin");
  private static final JsonKey VERDICT = new JsonKey("verdict");

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

  private RecordJson() {}

  /// The record as an object, on one line.
  static Json of(AuditRecord record) {
    var object = new JsonObject();
    var origin = record.origin();
    var subject = record.subject();
    var payload = record.payload();
    object.add(TIME, time(record.time())).add(EVENT, EVENTS.get(record.event().ordinal()));
    add(object, REQUEST_ID, origin.requestId());
    add(object, TRACE_ID, origin.traceId());
    add(object, SESSION, origin.session());
    add(object, PRINCIPAL, origin.principal());
    add(object, CLIENT, origin.client());
    add(object, SERVER, subject.server());
    object.add(METHOD, subject.method());
    add(object, NAME, subject.name());
    if (record.ending().isPresent()) {
      addEnding(object, record.ending().get());
    }
    add(object, BYTES_IN, payload.in());
    add(object, BYTES_OUT, payload.out());
    if (!record.plugins().isEmpty()) {
      object.add(PLUGINS, Json.array(record.plugins().stream().map(RecordJson::said).toList()));
    }
    add(object, DIGEST, payload.digest());
    if (payload.body().isPresent()) {
      object.add(BODY, onOneLine(payload.body().get()));
    }
    for (var member : record.more().members()) {
      object.add(member.key(), member.value());
    }
    return object.toJson();
  }

  private static void add(JsonObject object, JsonKey key, Optional<String> value) {
    if (value.isPresent()) {
      object.add(key, value.get());
    }
  }

  private static void add(JsonObject object, JsonKey key, OptionalInt value) {
    if (value.isPresent()) {
      object.add(key, value.getAsInt());
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
    object.add(OUTCOME, OUTCOMES.get(end.outcome().ordinal()));
    add(object, CODE, end.code());
    if (end.duration().isPresent()) {
      object.add(DURATION_MS, millis(end.duration().get()));
    }
    if (!end.reason().isEmpty()) {
      object.add(REASON, end.reason());
    }
  }

  /// With three decimals, without the cost of a format.
  private static Json millis(Duration took) {
    long micros = took.toNanos() / NANOS_PER_MICROSECOND;
    long rest = micros % MICROS_PER_MILLISECOND;
    return Json.trusted(
        micros / MICROS_PER_MILLISECOND + "." + (rest < 10 ? "00" : rest < 100 ? "0" : "") + rest);
  }

  private static Json said(Judgement said) {
    return new JsonObject(SMALL)
        .add(PLUGIN, said.plugin())
        .add(VERDICT, said.verdict())
        .add(REASON, said.reason())
        .toJson();
  }

  private static List<String> words(Enum<?>[] values) {
    return Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
  }
}
