package io.watchgate.routing;

import io.watchgate.jsonrpc.Json;
import io.watchgate.mcp.MirroredArguments;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// One server's entries of one list, complete and in the server's order.
///
/// @param entries by name or URI, as the server wrote them
/// @param mirrored by name, for the tools that have arguments which headers repeat
/// @param dropped by name, why an entry that the server gave is not in the list
/// @param problem why the entries may be out of date, empty when they are not
record Listing(
    SequencedMap<String, Json> entries,
    Map<String, MirroredArguments> mirrored,
    Map<String, String> dropped,
    Optional<String> problem) {
  static final Listing EMPTY =
      new Listing(new LinkedHashMap<>(), Map.of(), Map.of(), Optional.empty());

  boolean has(String key) {
    return entries.containsKey(key);
  }

  /// Whether a tool says that calling it twice does no more than calling it once (2025-03-26,
  /// tools). A server that lies harms itself.
  boolean isIdempotent(String tool) {
    var entry = entries.get(tool);
    return entry != null && entry.member("annotations").filter(Listing::saysIdempotent).isPresent();
  }

  private static boolean saysIdempotent(Json annotations) {
    return annotations.member("idempotentHint").filter(Json::isTrue).isPresent()
        || annotations.member("readOnlyHint").filter(Json::isTrue).isPresent();
  }

  /// Whether it says the same in the same order.
  boolean saysTheSameAs(Listing other) {
    return entries.equals(other.entries)
        && dropped.equals(other.dropped)
        && problem.equals(other.problem)
        && List.copyOf(entries.sequencedKeySet())
            .equals(List.copyOf(other.entries.sequencedKeySet()));
  }

  Listing outdated(String why) {
    return problem.filter(why::equals).isPresent()
        ? this
        : new Listing(entries, mirrored, dropped, Optional.of(why));
  }
}
