package io.watchgate.routing;

import io.watchgate.mcp.ListKind;
import java.util.EnumMap;
import java.util.Map;

/// Keeps one copy of listings that say the same, so that a thousand clients of a server do not hold
/// its tools a thousand times.
final class SameListings {
  private final Map<ListKind, Listing> newest = new EnumMap<>(ListKind.class);

  /// The listing, or the one before it when nothing in it is new.
  synchronized Listing share(ListKind kind, Listing listing) {
    var known = newest.get(kind);
    if (known != null && known.saysTheSameAs(listing)) {
      return known;
    }
    newest.put(kind, listing);
    return listing;
  }
}
