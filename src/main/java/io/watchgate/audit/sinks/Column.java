package io.watchgate.audit.sinks;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.AuditRecord.Ending;
import io.watchgate.plugin.AuditRecord.Judgement;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/// A member of a record, for sinks that keep records in rows. In the order of the contract.
enum Column {
  TIME(Kind.TEXT, record -> Optional.of(Times.MILLIS.format(record.time()))),
  EVENT(Kind.TEXT, record -> Optional.of(word(record.event()))),
  REQUEST_ID(Kind.TEXT, record -> record.origin().requestId()),
  TRACE_ID(Kind.TEXT, record -> record.origin().traceId()),
  SESSION(Kind.TEXT, record -> record.origin().session()),
  PRINCIPAL(Kind.TEXT, record -> record.origin().principal()),
  CLIENT(Kind.TEXT, record -> record.origin().client()),
  SERVER(Kind.TEXT, record -> record.subject().server()),
  METHOD(Kind.TEXT, record -> Optional.of(record.subject().method())),
  NAME(Kind.TEXT, record -> record.subject().name()),
  OUTCOME(Kind.TEXT, record -> record.ending().map(end -> word(end.outcome()))),
  CODE(Kind.WHOLE, record -> record.ending().flatMap(end -> boxed(end.code()))),
  DURATION_MS(
      Kind.REAL, record -> record.ending().flatMap(Ending::duration).map(Column::milliseconds)),
  REASON(Kind.TEXT, record -> record.ending().map(Ending::reason).filter(text -> !text.isEmpty())),
  BYTES_IN(Kind.WHOLE, record -> boxed(record.payload().in())),
  BYTES_OUT(Kind.WHOLE, record -> boxed(record.payload().out())),
  PLUGINS(
      Kind.JSON,
      record -> Optional.of(record.plugins()).filter(all -> !all.isEmpty()).map(Column::judged)),
  DIGEST(Kind.TEXT, record -> record.payload().digest()),
  BODY(Kind.JSON, record -> record.payload().body()),
  MORE(Kind.JSON, record -> Optional.of(record.more()).filter(json -> !json.members().isEmpty()));

  private static final double NANOS_PER_MILLISECOND = 1e6;

  private final Kind kind;

  @SuppressWarnings("ImmutableEnumChecker") // the functions hold nothing
  private final Function<AuditRecord, Optional<?>> value;

  /// What the values of a column are: text, {@link Integer}, {@link Double} or {@link Json}.
  enum Kind {
    TEXT,
    WHOLE,
    REAL,
    JSON
  }

  Column(Kind kind, Function<AuditRecord, Optional<?>> value) {
    this.kind = kind;
    this.value = value;
  }

  Kind kind() {
    return kind;
  }

  String label() {
    return word(this);
  }

  /// Its value in a record, empty where the record has none.
  Optional<?> of(AuditRecord record) {
    return value.apply(record);
  }

  static List<String> labels() {
    return Arrays.stream(values()).map(Column::label).toList();
  }

  /// As records spell it.
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static Optional<Integer> boxed(OptionalInt number) {
    return number.isPresent() ? Optional.of(number.getAsInt()) : Optional.empty();
  }

  private static Double milliseconds(Duration took) {
    return took.toNanos() / NANOS_PER_MILLISECOND;
  }

  private static Json judged(List<Judgement> plugins) {
    return Json.array(
        plugins.stream()
            .map(said ->
                Json.object(
                    "plugin", said.plugin(), "verdict", said.verdict(), "reason", said.reason()))
            .toList());
  }

  /// Enum constants cannot name a static field of their own enum.
  private static final class Times {
    static final DateTimeFormatter MILLIS =
        new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);
  }
}
