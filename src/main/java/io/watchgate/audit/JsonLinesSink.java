package io.watchgate.audit;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.AuditRecord.Event;
import io.watchgate.plugin.Metric;
import io.watchgate.plugin.Recorder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An audit log in files of JSON lines, numbered from 1, each with the hash of the line before it,
/// so that what is changed, put in or taken out afterwards shows.
///
/// @param log may be another sink's too
/// @param most bytes of a body that are kept, 0 for all
record JsonLinesSink(AuditLog log, Set<Event> bodies, int most) implements Recorder {

  @Override
  public Receipt record(AuditRecord record) {
    return log.record(bounded(record));
  }

  private AuditRecord bounded(AuditRecord record) {
    return record
        .payload()
        .body()
        .filter(body -> most > 0 && body.length() > most)
        .map(body -> record.withBody(Optional.of(cut(body))))
        .orElse(record);
  }

  /// The beginning of a body as text, and how long it was.
  private Json cut(Json body) {
    var bytes = body.toBytes();
    int end = most;
    while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
      end--; // not within a character
    }
    var start = new String(bytes, 0, end, StandardCharsets.UTF_8);
    return Json.object("truncated", start, "bytes", bytes.length);
  }

  @Override
  public Optional<String> trouble() {
    return log.trouble();
  }

  @Override
  public Json status() {
    return log.report().status();
  }

  @Override
  public List<Metric> metrics() {
    return log.report().metrics();
  }

  @Override
  public void close() {
    log.close();
  }
}
