package io.watchgate;

import io.watchgate.flow.Handler;
import io.watchgate.flow.Policy;
import io.watchgate.resilience.CircuitBreaker;
import io.watchgate.resilience.ConcurrencyLimit;
import io.watchgate.resilience.RetryBudget;
import io.watchgate.routing.Switchboard.Place;
import io.watchgate.telemetry.CallStatistics;
import io.watchgate.translation.TranslationLayer;
import io.watchgate.upstream.Upstream;
import io.watchgate.upstream.UpstreamSettings;

/// One server with all that belongs to it: lives on from plan to plan as long as its settings do.
///
/// @param stack what every call to the server goes through
/// @param limit of calls in flight to it
/// @param breaker of its circuit
/// @param retries counts the calls that were made again
/// @param statistics what became of the calls
record Branch(
    Upstream upstream,
    Handler stack,
    ConcurrencyLimit limit,
    CircuitBreaker breaker,
    RetryBudget retries,
    CallStatistics statistics,
    TranslationLayer translation) {

  String name() {
    return upstream.name();
  }

  /// Whether it is what these settings ask for. Names are the routers' business, not the server's.
  boolean isFor(UpstreamSettings settings, boolean isAdaptive) {
    return limit.isAdaptive() == isAdaptive
        && upstream.settings().withPrefix("").equals(settings.withPrefix(""));
  }

  /// @param policy what may pass between it and clients
  Place place(String prefix, Policy policy) {
    return new Place(upstream, stack, prefix, policy);
  }
}
