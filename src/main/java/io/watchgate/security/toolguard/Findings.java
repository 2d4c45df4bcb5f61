package io.watchgate.security.toolguard;

import io.watchgate.jsonrpc.Json;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// What was found out about the newest list of each kind of each server. Nearly every list is the
/// one before, and then nothing is found out again: as long as no pins changed, of any server.
final class Findings {
  private final ConcurrentMap<Place, Found> newest = new ConcurrentHashMap<>();

  private record Place(String server, Kind kind) {}

  /// What was found out, and about what.
  ///
  /// @param pins of all servers by then
  record Found(Json list, List<Pins> pins, List<Definition> definitions, Inspection.Report report) {

    private boolean isOf(Json other, List<Pins> now) {
      return areSame(pins, now) && list.equals(other);
    }
  }

  Optional<Found> of(String server, Kind kind, Json list, List<Pins> pins) {
    return Optional.ofNullable(newest.get(new Place(server, kind)))
        .filter(found -> found.isOf(list, pins));
  }

  /// Keeps what holds for the next list, too: what was found out while pins changed does not.
  ///
  /// @param before the pins before it was found out
  void keep(String server, Kind kind, Found found, List<Pins> before) {
    if (areSame(before, found.pins)) {
      newest.put(new Place(server, kind), found);
    }
  }

  @SuppressWarnings("ReferenceEquality") // pins that were not read anew are the same object
  private static boolean areSame(List<Pins> some, List<Pins> others) {
    if (some.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < some.size(); i++) {
      if (some.get(i) != others.get(i)) {
        return false;
      }
    }
    return true;
  }
}
