package io.watchgate.audit.sinks;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.AuditRecord.Event;
import io.watchgate.plugin.Options;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// What all sinks with a queue can be told.
///
/// @param queue the most records that wait
/// @param waits whether a receipt waits until the target has the record
/// @param bodies the events whose bodies are kept
/// @param maxBody bytes of a body, 0 for as many as it has
record SinkSettings(int queue, boolean waits, Set<Event> bodies, int maxBody) {
  /// A minute and a half of a gateway with a hundred records a second.
  private static final int STANDARD_QUEUE = 10_000;

  private static final int MOST_QUEUE = 1_000_000;
  private static final int STANDARD_BODY = 10 * 1024;
  private static final int LEAST_BODY = 50;
  private static final int MOST_BODY = 1024 * 1024;

  /// Of a sink that can be waited for.
  static SinkSettings read(Options options) {
    return read(options, options.flag("wait", false));
  }

  static SinkSettings read(Options options, boolean waits) {
    var bodies = EnumSet.noneOf(Event.class);
    for (var event : EnumSet.of(Event.REQUEST, Event.RESPONSE, Event.NOTIFICATION)) {
      var word = Column.word(event);
      if (options.flag("include_" + word + "_body", false)) {
        bodies.add(event);
      }
    }
    int maxBody = options.bytes("max_body_size", 0, MOST_BODY, STANDARD_BODY);
    if (maxBody > 0 && maxBody < LEAST_BODY) {
      options.problem("max_body_size", "must be 0 for no limit, or at least " + LEAST_BODY);
    }
    int queue = options.integer("queue", 1, MOST_QUEUE, STANDARD_QUEUE);
    return new SinkSettings(queue, waits, bodies, maxBody);
  }

  /// The record with as much of its body as is kept. A longer one becomes a text that says so.
  AuditRecord cut(AuditRecord record) {
    var body = record.payload().body();
    if (body.isEmpty() || maxBody == 0 || body.get().length() <= maxBody) {
      return record;
    }
    var bytes = body.get().toBytes();
    int end = maxBody;
    while ((bytes[end] & 0xC0) == 0x80) { // in the middle of a character
      end--;
    }
    var beginning = new String(bytes, 0, end, StandardCharsets.UTF_8);
    return record.withBody(
        Optional.of(Json.string(beginning + "… [cut, of " + bytes.length + " bytes]")));
  }
}
