package io.watchgate.middleware;

import io.watchgate.jsonrpc.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Optional;

/// Results of calls, each for a time. Where room is needed, what was not asked for longest goes
/// first.
final class ResultCache {
  /// A result that takes more than this part of the room would push too many others out.
  private static final int PARTS = 8;

  private final InstantSource clock;
  private final int maxEntries;
  private final long maxBytes;
  private final LinkedHashMap<String, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;
  private long hits;
  private long misses;

  private record Kept(Json result, Instant end, long bytes) {}

  ResultCache(InstantSource clock, int maxEntries, long maxBytes) {
    this.clock = clock;
    this.maxEntries = maxEntries;
    this.maxBytes = maxBytes;
  }

  synchronized Optional<Json> get(String key) {
    var found = kept.get(key);
    if (found != null && !clock.instant().isBefore(found.end)) {
      remove(key);
      found = null;
    }
    if (found == null) {
      misses++;
      return Optional.empty();
    }
    hits++;
    return Optional.of(found.result);
  }

  /// Keeps a result, unless there is one whose time is not over: a result that came from here does
  /// not live longer by that.
  synchronized void put(String key, Json result, Duration ttl) {
    var now = clock.instant();
    var old = kept.get(key);
    long size = result.length() + 2L * key.length();
    if (size > maxBytes / PARTS || (old != null && now.isBefore(old.end))) {
      return;
    }
    remove(key);
    var copy = Json.trusted(result.toString()); // lets go of the message around it
    kept.put(key, new Kept(copy, now.plus(ttl), size));
    bytes += size;
    while (kept.size() > maxEntries || bytes > maxBytes) {
      remove(kept.firstEntry().getKey());
    }
  }

  private void remove(String key) {
    var removed = kept.remove(key);
    if (removed != null) {
      bytes -= removed.bytes;
    }
  }

  synchronized Json status() {
    return Json.object("entries", kept.size(), "bytes", bytes, "hits", hits, "misses", misses);
  }

  synchronized long hits() {
    return hits;
  }

  synchronized long misses() {
    return misses;
  }
}
