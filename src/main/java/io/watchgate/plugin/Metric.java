package io.watchgate.plugin;

import java.util.Map;

/// One number that a plugin counts. A name has few label values, and they come from the
/// configuration or the catalog, never from what a client or server writes.
///
/// @param name in `snake_case`, without the prefix `watchgate_`; ends with `_total` when it only
///   grows
/// @param help what it counts, in a sentence
public record Metric(String name, String help, Map<String, String> labels, double value) {
  public Metric {
    labels = Map.copyOf(labels);
  }
}
