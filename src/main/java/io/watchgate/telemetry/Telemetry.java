package io.watchgate.telemetry;

/// Where a gateway's calls are counted.
public record Telemetry(CallMetrics calls) {}
