package io.watchgate.routing;

import io.watchgate.jsonrpc.Json;
import io.watchgate.mcp.ListKind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/// One list of all members under the names that clients see.
///
/// @param parts the members' lists that it was made from, in the members' order
/// @param owners who has what is exposed under a name
/// @param hidden what is not exposed, because its name was taken
/// @param result the answer to the list request
record Merged(List<Listing> parts, Map<String, Target> owners, List<Target> hidden, Json result) {
  static final String ALIAS = "watchgate://";

  /// A member and the name under which it knows something.
  record Target(Member member, String original) {}

  static Merged of(ListKind kind, List<Member> members, List<Listing> parts) {
    var owners = new LinkedHashMap<String, Target>();
    var hidden = new ArrayList<Target>();
    var entries = new ArrayList<Json>();
    for (int i = 0; i < members.size(); i++) {
      var member = members.get(i);
      for (var entry : parts.get(i).entries().entrySet()) {
        var target = new Target(member, entry.getKey());
        var exposed = exposed(kind, target, owners);
        if (owners.putIfAbsent(exposed, target) != null) {
          hidden.add(target);
        } else if (exposed.equals(entry.getKey())) {
          entries.add(entry.getValue());
        } else {
          entries.add(entry.getValue().with(kind.key(), Json.string(exposed)));
        }
      }
    }
    return new Merged(parts, owners, hidden, result(kind, Json.array(entries), members, parts));
  }

  /// Names get the member's prefix; a URI stays as it is unless another member lists it too.
  private static String exposed(ListKind kind, Target target, Map<String, Target> owners) {
    return switch (kind) {
      case TOOLS, PROMPTS -> target.member().prefix() + target.original();
      case RESOURCES -> alias(target, owners);
      case TEMPLATES -> target.original();
    };
  }

  private static String alias(Target target, Map<String, Target> owners) {
    return owners.containsKey(target.original())
        ? alias(target.member().name(), target.original())
        : target.original();
  }

  static String alias(String server, String uri) {
    var encoded = URLEncoder.encode(uri, StandardCharsets.UTF_8).replace("+", "%20");
    return ALIAS + server + "/" + encoded;
  }

  private static Json result(ListKind kind, Json list, List<Member> members, List<Listing> parts) {
    var unavailable = new StringJoiner(",", "{", "}").setEmptyValue("");
    for (int i = 0; i < members.size(); i++) {
      var name = members.get(i).name();
      parts
          .get(i)
          .problem()
          .ifPresent(why -> unavailable.add(Json.string(name) + ":" + Json.string(why)));
    }
    return unavailable.length() == 0
        ? Json.object(kind.member(), list)
        : Json.object(
            kind.member(),
            list,
            "_meta",
            Json.object("io.watchgate/unavailable", Json.trusted(unavailable.toString())));
  }
}
