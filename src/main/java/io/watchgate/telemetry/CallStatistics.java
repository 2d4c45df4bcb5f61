package io.watchgate.telemetry;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// What became of the calls to one server since the gateway started. Counting takes no lock.
public final class CallStatistics {
  private final LongAdder calls = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final Latency latency = new Latency();
  private volatile @Nullable Failure lastFailure;

  /// Why the gateway could not give a server's answer.
  ///
  /// @param nanos when, on the clock of the {@link TelemetryLayer}
  public record Failure(String cause, long nanos) {}

  /// Calls that ended, however they did.
  public long calls() {
    return calls.sum();
  }

  /// Calls that ended with an error, the server's or the gateway's own; a call that the client
  /// cancelled is none.
  public long errors() {
    return errors.sum();
  }

  /// Calls that the server answered.
  public long answers() {
    return latency.count();
  }

  /// How long all answers took together.
  public Duration answerTime() {
    return latency.sum();
  }

  /// The time in nanoseconds that this part of the answers did not exceed, to 1/32.
  ///
  /// @param part above 0, at most 1
  /// @return empty while there was no answer
  public OptionalLong percentile(double part) {
    return latency.percentile(part);
  }

  /// The newest failure of the gateway's own; what a server says in its errors is not kept.
  public Optional<Failure> lastFailure() {
    return Optional.ofNullable(lastFailure);
  }

  void answered(long nanos, boolean isError) {
    calls.increment();
    latency.record(nanos);
    if (isError) {
      errors.increment();
    }
  }

  void failed(Failure failure) {
    calls.increment();
    errors.increment();
    lastFailure = failure;
  }

  void cancelled() {
    calls.increment();
  }
}
