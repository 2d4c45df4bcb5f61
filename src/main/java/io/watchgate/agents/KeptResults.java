package io.watchgate.agents;

import io.watchgate.agents.Result.Status;
import io.watchgate.flow.Time;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// Results that do for others who want the same: of the same type, for the same principal, with the
/// same tools. Bounded; safe for any number of threads.
final class KeptResults {
  private static final int MOST = 1000;
  private static final long MOST_CHARACTERS = 16 << 20;

  private final Time time;
  private final SequencedMap<Key, Kept> results = new LinkedHashMap<>();
  private long characters;

  KeptResults(Time time) {
    this.time = time;
  }

  /// What a result is the result of.
  record Key(Order order, String tools) {}

  private record Kept(Result result, long untilNanos) {
    int characters() {
      return result.answer().length();
    }
  }

  synchronized Optional<Result> find(Key key) {
    var kept = results.get(key);
    if (kept != null && kept.untilNanos - time.nanos() <= 0) {
      remove(key);
      return Optional.empty();
    }
    return Optional.ofNullable(kept).map(Kept::result);
  }

  /// Keeps a result that is one.
  synchronized void keep(Key key, Result result, Duration ttl) {
    if (result.status() != Status.COMPLETED || !result.degraded().isEmpty()) {
      return;
    }
    remove(key);
    var kept = new Kept(result, time.nanos() + ttl.toNanos());
    results.put(key, kept);
    characters += kept.characters();
    while (results.size() > MOST || characters > MOST_CHARACTERS) {
      remove(results.firstEntry().getKey());
    }
  }

  private void remove(Key key) {
    var gone = results.remove(key);
    characters -= gone == null ? 0 : gone.characters();
  }
}
