package io.watchgate.scanning;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.JsonCursor;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;

/// The keys, strings and long numbers of a content, with all ways to read them. What costs more to
/// read again than to keep is kept for the next one who asks.
final class Leaves {
  private static final int SHORTEST_TEXT = 3;
  private static final int SHORTEST_NUMBER = 8;
  private static final int WORTH_KEEPING = 256;

  private final Json json;
  private final ConcurrentMap<Integer, List<View>> kept = new ConcurrentHashMap<>(4);

  private Leaves(Json json) {
    this.json = json;
  }

  static Leaves of(Json json) {
    return new Leaves(json);
  }

  Json json() {
    return json;
  }

  void forEach(BiConsumer<JsonCursor, List<View>> visitor) {
    for (var cursor = json.cursor(); cursor.next(); ) {
      if (isWorthScanning(cursor)) {
        visitor.accept(cursor, views(cursor));
      }
    }
  }

  private List<View> views(JsonCursor cursor) {
    return cursor.end() - cursor.start() < WORTH_KEEPING
        ? Views.of(cursor.text())
        : kept.computeIfAbsent(cursor.start(), _ -> Views.of(cursor.text()));
  }

  private static boolean isWorthScanning(JsonCursor cursor) {
    int length = cursor.end() - cursor.start();
    return cursor.kind() == JsonCursor.Kind.NUMBER
        ? length >= SHORTEST_NUMBER && cursor.text().chars().allMatch(Character::isDigit)
        : length >= SHORTEST_TEXT + 2;
  }
}
