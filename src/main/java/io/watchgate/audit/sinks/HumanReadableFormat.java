package io.watchgate.audit.sinks;

import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.AuditRecord.Ending;
import io.watchgate.plugin.AuditRecord.Judgement;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Locale;

/// Records as lines for people: `2026-01-02 12:00:00.000 UTC - REQUEST: tools/call - read_file -
/// files - BLOCKED - …`. What is absent is said to be, so that parts keep their places.
record HumanReadableFormat() implements LineFormat {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final String BETWEEN = " - ";

  @Override
  public String line(AuditRecord record) {
    var parts = new ArrayList<String>();
    parts.add(TIME.format(record.time()));
    parts.add(record.event() + ": " + part(record.subject().method()));
    parts.add(record.subject().name().map(HumanReadableFormat::part).orElse("no name"));
    parts.add(record.subject().server().map(HumanReadableFormat::part).orElse("no server"));
    record.ending().ifPresent(end -> parts.add(ended(end)));
    record
        .ending()
        .map(Ending::reason)
        .filter(why -> !why.isEmpty())
        .ifPresent(why -> parts.add(part(why)));
    record.plugins().forEach(said -> parts.add(judgement(said)));
    record.origin().client().ifPresent(name -> parts.add("client " + part(name)));
    record.origin().principal().ifPresent(name -> parts.add("principal " + part(name)));
    record.origin().requestId().ifPresent(id -> parts.add("request " + part(id)));
    record.payload().body().ifPresent(body -> parts.add(Plain.json(body)));
    if (!record.more().members().isEmpty()) {
      parts.add(Plain.json(record.more()));
    }
    return String.join(BETWEEN, parts);
  }

  /// Text of strangers, in quotes where it would look like more than one part.
  private static String part(String text) {
    var plain = Plain.text(text);
    return plain.contains(BETWEEN) || plain.indexOf('"') >= 0
        ? '"' + plain.replace("\"", "\\\"") + '"'
        : plain;
  }

  private static String ended(Ending end) {
    var text = new StringBuilder(end.outcome().name());
    end.code().ifPresent(code -> text.append(' ').append(code));
    end.duration()
        .ifPresent(took ->
            text.append(
                String.format(Locale.ROOT, " (%.3fs)", took.toMillis() / MILLIS_PER_SECOND)));
    return text.toString();
  }

  private static String judgement(Judgement said) {
    var reason = said.reason().isEmpty() ? "" : " (" + part(said.reason()) + ")";
    return part(said.plugin()) + ": " + said.verdict() + reason;
  }
}
