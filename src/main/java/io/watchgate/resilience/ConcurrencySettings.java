package io.watchgate.resilience;

import java.time.Duration;

/// How many calls may be in flight, and how many may wait for how long beyond that.
///
/// @param max in flight at once, at least 1
/// @param queue waiting beyond that, 0 refuses at once
/// @param queueTimeout longest wait
public record ConcurrencySettings(int max, int queue, Duration queueTimeout) {}
