package io.watchgate.resilience;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// A limit that follows how fast a server answers, so that calls are refused before they pile up in
/// front of it.
///
/// Answers are looked at in windows. Of each kind of call (method and tool) the shortest average of
/// a window is the baseline: how long it takes when nobody queues. With
///
///     ratio = time that the window's answers took / Σ (1.5 × baseline of its kind + 10 ms)
///
/// the limit becomes `limit / ratio` (at most halved) where the ratio is above 1. Where it is not,
/// it becomes `limit + √limit` if at least half of the limit was used, and `limit + 1` otherwise: a
/// server that is well again has room for a burst before one comes. A window has only calls that
/// were sent since the limit last changed, so that one change shows before the next.
///
/// The baseline is measured anew. While all of the limit is used, every 20th window has a limit of
/// `√limit` only: what was measured while calls queued is found out. And a server that got slower
/// for another reason than our calls stays slow at a limit of 1: there nobody queues, so what is
/// measured there is the new baseline, and the limit grows again.
///
/// Guarded by the lock of the limit that it is part of.
final class AdaptiveLimit {
  private static final Duration WINDOW = Duration.ofMillis(100);

  /// Answers in a window, or as many as the limit where that is less.
  private static final int SAMPLES = 10;

  private static final double TOLERANCE = 1.5;

  /// Pauses of the machine are no queue.
  private static final Duration SLACK = Duration.ofMillis(10);

  /// The probes take a twentieth of the time at most.
  private static final int WINDOWS_TO_PROBE = 20;

  /// Kinds of calls that are told apart; all others count as one.
  private static final int MAX_KINDS = 1000;

  private static final String OTHERS = "";

  private final int max;
  private final Map<String, Double> baselines = new HashMap<>();
  private Map<String, Times> window = new HashMap<>();
  private double limit;
  private long windowStart;
  private int samples;
  private int mostInFlight;
  private boolean probing;
  private int crowdedWindows = WINDOWS_TO_PROBE - 1;

  /// How long the answers to one kind of call took in a window.
  private record Times(int count, double sumNanos) {
    Times and(long nanos) {
      return new Times(count + 1, sumNanos + nanos);
    }

    double average() {
      return sumNanos / count;
    }
  }

  /// @param max the highest that the limit may be, and what it begins with
  AdaptiveLimit(int max, long now) {
    this.max = max;
    this.limit = max;
    this.windowStart = now;
  }

  int limit() {
    return (int) (probing ? Math.sqrt(limit) : limit);
  }

  void used(int inFlight) {
    mostInFlight = Math.max(mostInFlight, inFlight);
  }

  /// @param kind of call
  /// @param started when the call was sent
  void answered(String kind, long started, long now) {
    if (started - windowStart < 0) {
      return;
    }
    boolean isKnown = baselines.containsKey(kind) || window.containsKey(kind);
    boolean fits = isKnown || baselines.size() + window.size() < MAX_KINDS;
    window.merge(
        fits ? kind : OTHERS, new Times(1, now - started), (times, _) -> times.and(now - started));
    samples++;
    if (samples >= Math.min(SAMPLES, limit()) && now - windowStart >= WINDOW.toNanos()) {
      adjust();
      window = new HashMap<>();
      windowStart = now;
      samples = 0;
      mostInFlight = 0;
    }
  }

  private void adjust() {
    boolean nobodyQueues = limit() == 1;
    double took = 0;
    double tolerated = 0;
    for (var kind : window.entrySet()) {
      double average = kind.getValue().average();
      double baseline =
          nobodyQueues
              ? average
              : Math.min(average, baselines.getOrDefault(kind.getKey(), average));
      baselines.put(kind.getKey(), baseline);
      took += kind.getValue().sumNanos();
      tolerated += kind.getValue().count() * (TOLERANCE * baseline + SLACK.toNanos());
    }
    boolean isCrowded = mostInFlight >= limit();
    if (probing) {
      probing = false;
    } else {
      follow(took / tolerated);
      crowdedWindows += isCrowded ? 1 : 0;
      probing = crowdedWindows >= WINDOWS_TO_PROBE;
      crowdedWindows = probing ? 0 : crowdedWindows;
    }
  }

  private void follow(double ratio) {
    if (ratio > 1) {
      limit = Math.max(1, limit / Math.min(2, ratio));
    } else {
      boolean isUsed = 2 * mostInFlight >= limit();
      limit = Math.min(max, limit + (isUsed ? Math.sqrt(limit) : 1));
    }
  }
}
