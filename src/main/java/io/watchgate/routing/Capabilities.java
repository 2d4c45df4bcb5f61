package io.watchgate.routing;

import io.watchgate.flow.ServerStatus.Offer;
import io.watchgate.jsonrpc.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/// The union of what several servers are capable of.
final class Capabilities {
  private Capabilities() {}

  static Json union(List<Offer> offers) {
    var union = Json.EMPTY_OBJECT;
    for (var offer : offers) {
      union = union(union, offer.capabilities());
    }
    return union;
  }

  /// Objects are joined member by member, a flag is on when one side has it on.
  private static Json union(Json one, Json other) {
    if (!one.isObject() || !other.isObject()) {
      return other.isTrue() || other.isObject() ? other : one;
    }
    Map<String, Json> members = new LinkedHashMap<>();
    one.members().forEach(member -> members.put(member.key(), member.value()));
    other.members().forEach(m -> members.merge(m.key(), m.value(), Capabilities::union));
    var joined = new StringJoiner(",", "{", "}");
    members.forEach((key, value) -> joined.add(Json.string(key) + ":" + value));
    return Json.trusted(joined.toString());
  }
}
