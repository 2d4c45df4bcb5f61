package io.watchgate.simulation;

import java.time.Duration;
import java.util.List;

/// What clients know of the gateway.
///
/// @param longestCall when a call must have ended at the latest
record Plan(List<String> serverNames, Duration longestCall, Mischief mischief) {}
