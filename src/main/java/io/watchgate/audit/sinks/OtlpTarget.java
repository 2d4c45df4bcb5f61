package io.watchgate.audit.sinks;

import io.watchgate.jsonrpc.Json;
import io.watchgate.otlp.Collector;
import io.watchgate.otlp.Otlp;
import io.watchgate.otlp.Signal;
import io.watchgate.plugin.AuditRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A collector of OpenTelemetry, which gets a log record for each record. Its attributes are the
/// record's members, below `watchgate.`; the body says in words what happened.
///
/// @param name of the collector, for people
/// @param version of the program
/// @param instance tells this gateway from others
record OtlpTarget(
    Collector collector, String name, InstantSource clock, String version, String instance)
    implements Target {

  @Override
  public void keep(List<AuditRecord> batch) throws IOException, InterruptedException {
    switch (collector.post(Signal.LOGS, request(batch))) {
      case Collector.Taken taken -> {
        if (taken.rejected() > 0) {
          throw new TargetRefused(name + " rejected some: " + taken.why(), taken.rejected());
        }
      }
      case Collector.Refused refused -> throw new TargetRefused(refused.why());
      case Collector.Later later ->
          throw new TargetBusy(later.why(), later.after().orElse(Duration.ZERO));
    }
  }

  private Json request(List<AuditRecord> batch) {
    var observed = Otlp.time(clock.instant());
    var records = batch.stream().map(record -> log(record, observed)).toList();
    var scoped = Json.object("scope", Otlp.scope(version), "logRecords", Json.array(records));
    var resource = Otlp.resource(version, instance);
    var all = Json.object("resource", resource, "scopeLogs", Json.array(List.of(scoped)));
    return Json.object("resourceLogs", Json.array(List.of(all)));
  }

  private static Json log(AuditRecord record, Json observed) {
    var severity = Severity.of(record);
    var members = new ArrayList<Object>();
    members.addAll(List.of("timeUnixNano", Otlp.time(record.time())));
    members.addAll(List.of("observedTimeUnixNano", observed));
    members.addAll(List.of("severityNumber", severity.otlp()));
    members.addAll(List.of("severityText", severity.name()));
    members.addAll(List.of("eventName", "watchgate.audit." + Column.word(record.event())));
    members.addAll(List.of("body", Otlp.value(words(record))));
    members.addAll(List.of("attributes", Otlp.attributes(attributes(record))));
    record.origin().traceId().ifPresent(id -> members.addAll(List.of("traceId", id)));
    return Json.object(members.toArray());
  }

  private static String words(AuditRecord record) {
    return Stream.of(Column.EVENT, Column.METHOD, Column.NAME, Column.OUTCOME, Column.REASON)
        .flatMap(column -> column.of(record).stream())
        .map(value -> Plain.text(value.toString()))
        .collect(Collectors.joining(" "));
  }

  private static Map<String, Object> attributes(AuditRecord record) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (var column : Column.values()) {
      if (column != Column.TIME && column != Column.TRACE_ID) { // which have places of their own
        column.of(record).ifPresent(value -> attributes.put("watchgate." + column.label(), value));
      }
    }
    return attributes;
  }

  @Override
  public void close() {
    collector.close();
  }
}
