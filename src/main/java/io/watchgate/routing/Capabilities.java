package io.watchgate.routing;

import io.watchgate.jsonrpc.Json;
import io.watchgate.mcp.Extension;
import io.watchgate.mcp.ProtocolVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/// The union of what several servers are capable of.
final class Capabilities {
  /// What a server is taken to be capable of that cannot be reached, as nearly all are.
  static final Json OF_NEARLY_ALL = Json.trusted("{\"tools\":{\"listChanged\":true}}");

  /// What a server is taken to be capable of that nobody knows anything of yet: all of which the
  /// gateway can answer for a server that turns out not to be.
  static final Json ALL =
      Json.trusted(
          "{\"tools\":{\"listChanged\":true},\"prompts\":{\"listChanged\":true},"
              + "\"resources\":{\"listChanged\":true,\"subscribe\":true},\"logging\":{},"
              + "\"completions\":{}}");

  private static final String EXTENSIONS = "extensions";

  private Capabilities() {}

  /// All that one of several servers is capable of.
  static Json union(List<Json> all) {
    var union = Json.EMPTY_OBJECT;
    for (var capabilities : all) {
      union = union(union, capabilities);
    }
    return union;
  }

  /// The tasks of the one revision mean nothing to a client of the other.
  static Json fitting(Json capabilities, ProtocolVersion version) {
    if (version.isStateless()) {
      return capabilities.without(Set.of("tasks"));
    }
    return capabilities
        .member(EXTENSIONS)
        .map(all -> capabilities.with(EXTENSIONS, all.without(Set.of(Extension.TASKS))))
        .orElse(capabilities);
  }

  /// Whether a family of methods is among the capabilities, by its own name or an extension's last.
  static boolean declare(Json capabilities, String family) {
    return capabilities.member(family).isPresent()
        || isNamed(capabilities.member(EXTENSIONS), family)
        || isNamed(capabilities.member("experimental"), family);
  }

  private static boolean isNamed(Optional<Json> extensions, String family) {
    return extensions.stream()
        .flatMap(all -> all.members().stream())
        .anyMatch(
            member -> member.key().substring(member.key().lastIndexOf('/') + 1).equals(family));
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
