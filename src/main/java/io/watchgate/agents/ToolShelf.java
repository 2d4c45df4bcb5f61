package io.watchgate.agents;

import io.watchgate.jsonrpc.Json;
import io.watchgate.schema.SchemaCheck;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// The checks of tools' arguments that were made before, by the schema: executions come one after
/// the other and see the same tools. Bounded; safe for any number of threads.
final class ToolShelf {
  private static final int MOST = 1000;

  private final SequencedMap<Json, SchemaCheck> checks = new LinkedHashMap<>();

  SchemaCheck check(Json schema) {
    synchronized (checks) {
      var known = checks.remove(schema);
      var check = known == null ? SchemaCheck.of(schema) : known;
      checks.put(schema, check); // those not used for longest come first, and go first
      if (checks.size() > MOST) {
        checks.pollFirstEntry();
      }
      return check;
    }
  }
}
