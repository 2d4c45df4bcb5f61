package io.watchgate.routing;

import io.watchgate.jsonrpc.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// One server's entries of one list, complete and in the server's order.
///
/// @param entries by name or URI, as the server wrote them
/// @param problem why they may be out of date, empty when they are not
record Listing(SequencedMap<String, Json> entries, Optional<String> problem) {
  static final Listing EMPTY = new Listing(new LinkedHashMap<>(), Optional.empty());

  boolean has(String key) {
    return entries.containsKey(key);
  }

  /// Whether it says the same in the same order.
  boolean saysTheSameAs(Listing other) {
    return equals(other)
        && List.copyOf(entries.sequencedKeySet())
            .equals(List.copyOf(other.entries.sequencedKeySet()));
  }

  Listing outdated(String why) {
    return problem.filter(why::equals).isPresent() ? this : new Listing(entries, Optional.of(why));
  }
}
