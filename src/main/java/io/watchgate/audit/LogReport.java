package io.watchgate.audit;

import io.watchgate.audit.LineChain.Head;
import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Metric;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How a log is at one moment.
///
/// @param written the last line that the system has
/// @param forced number of the last line that is on the disk for certain
/// @param size bytes of the file that is written to
/// @param trouble empty when there is none
/// @param since when the trouble began
record LogReport(
    Path file,
    LogSettings settings,
    Head written,
    long forced,
    long size,
    Waiting waiting,
    String trouble,
    Instant since,
    LogCounts counts,
    Caretaker.Report caretaker) {
  private static final double NANOS = 1e9;

  /// What is in no line yet.
  ///
  /// @param lost records that never will be, and that no line tells of yet
  record Waiting(int records, Duration longest, long lost) {}

  private long lost() {
    return counts.lost() + waiting.lost;
  }

  /// For the status of the gateway.
  Json status() {
    var members = new ArrayList<Object>();
    members.addAll(List.of("file", file.toString()));
    members.addAll(List.of("durability", settings.durability().name().toLowerCase(Locale.ROOT)));
    members.addAll(List.of("seq", written.seq(), "on_disk", forced, "head", written.hash()));
    members.addAll(List.of("waiting", waiting.records, "lost", lost()));
    members.addAll(List.of("checkpoint", caretaker.size()));
    if (!caretaker.trouble().isEmpty()) {
      members.addAll(List.of("checkpoint_trouble", caretaker.trouble()));
    }
    if (!trouble.isEmpty()) {
      members.addAll(List.of("trouble", trouble));
    }
    return Json.object(members.toArray());
  }

  List<Metric> metrics() {
    return List.of(
        metric("audit_records_total", "Audit records that were kept.", counts.lines()),
        metric("audit_lost_total", "Audit records that were lost.", lost()),
        metric("audit_waiting", "Audit records that are not kept yet.", waiting.records),
        metric(
            "audit_trouble",
            "Whether audit records cannot be kept now.",
            trouble.isEmpty() ? 0 : 1),
        metric(
            "audit_lag_seconds",
            "Age of the oldest audit record that is not kept yet.",
            seconds(waiting.longest)),
        metric("audit_bytes_total", "Bytes that audit records took.", counts.bytes()),
        metric(
            "audit_forces_total",
            "Times that a disk was made to keep audit records for good.",
            counts.forces()),
        metric("audit_force_seconds_total", "Time that took.", seconds(counts.timeOfForces())),
        metric("audit_rotations_total", "Audit files that were closed.", counts.rotations()),
        metric("audit_file_bytes", "Size of the audit file that is written to.", size),
        metric(
            "audit_checkpoint_records",
            "Audit records that the newest checkpoint covers.",
            caretaker.size()),
        metric(
            "audit_checkpoint_timestamp_seconds",
            "When the newest checkpoint was signed.",
            caretaker.signed().getEpochSecond()),
        metric(
            "audit_checkpoint_trouble",
            "Whether checkpoints cannot be made or copied now.",
            caretaker.trouble().isEmpty() ? 0 : 1));
  }

  private static double seconds(Duration time) {
    return time.toNanos() / NANOS;
  }

  private static Metric metric(String name, String help, long value) {
    return metric(name, help, (double) value);
  }

  private static Metric metric(String name, String help, double value) {
    return new Metric(name, help, Map.of("plugin", "audit_jsonl"), value);
  }
}
