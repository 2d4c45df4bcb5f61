package io.watchgate.downstream;

import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.InvalidParams;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.mcp.ListKind;
import io.watchgate.mcp.Method;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What a listen wants to hear (specification 2026-07-28, basic, "Subscriptions").
///
/// @param lists whose changes; resources stand for their templates, too
/// @param uris resources whose updates
record ListenFilter(Set<ListKind> lists, Set<String> uris) {
  private static final int MAX_URIS = 256;
  private static final String URIS = "resourceSubscriptions";

  /// Those that have a flag of their own.
  private static final List<ListKind> KINDS =
      List.of(ListKind.TOOLS, ListKind.PROMPTS, ListKind.RESOURCES);

  /// Reads what a request asks for; what the gateway does not know is not granted.
  ///
  /// @throws Rejection when it is malformed
  static ListenFilter of(Request request) {
    var wanted =
        request
            .field(Field.PARAMS)
            .flatMap(params -> params.member("notifications"))
            .filter(Json::isObject)
            .orElseThrow(() -> invalid("needs an object \"notifications\" in its params"));
    var lists = EnumSet.noneOf(ListKind.class);
    for (var kind : KINDS) {
      var key = kind.listenFlag();
      if (wanted.member(key).filter(flag -> isTrue(key, flag)).isPresent()) {
        lists.add(kind);
      }
    }
    var uris = new LinkedHashSet<String>();
    wanted.member(URIS).ifPresent(list -> addAll(list, uris));
    return new ListenFilter(lists, uris);
  }

  private static boolean isTrue(String key, Json flag) {
    if (!flag.isTrue() && !flag.toString().equals("false")) {
      throw invalid("needs a boolean \"" + key + "\"");
    }
    return flag.isTrue();
  }

  private static void addAll(Json list, Set<String> uris) {
    var elements = list.elements();
    if (!list.isArray() || !elements.stream().allMatch(Json::isString)) {
      throw invalid("needs an array of strings \"" + URIS + "\"");
    }
    elements.forEach(uri -> uris.add(uri.text()));
    if (uris.size() > MAX_URIS) {
      throw invalid("takes at most " + MAX_URIS + " resources, this one has " + uris.size());
    }
  }

  private static Rejection invalid(String what) {
    return new Rejection(new InvalidParams(Method.LISTEN + " " + what));
  }

  /// The part that can be honoured.
  ///
  /// @param capabilities of all servers together
  /// @param watched the resources that servers tell of
  ListenFilter honoured(Json capabilities, Set<String> watched) {
    var told = EnumSet.noneOf(ListKind.class);
    lists.stream().filter(kind -> kind.isAnnounced(capabilities)).forEach(told::add);
    var heard = new LinkedHashSet<>(uris);
    heard.retainAll(watched);
    return new ListenFilter(told, heard);
  }

  /// Whether a server's notification is one of those.
  boolean wants(Notification notification) {
    if (notification.method().equals(Method.RESOURCE_UPDATED)) {
      return notification.text(Field.URI).filter(this::isWatched).isPresent();
    }
    return ListKind.changedBy(notification.method()).anyMatch(lists::contains);
  }

  /// What is below a resource is updated under a URI of its own.
  private boolean isWatched(String updated) {
    return uris.contains(updated)
        || uris.stream().anyMatch(uri -> updated.startsWith(uri.endsWith("/") ? uri : uri + "/"));
  }

  /// As it stands on the wire.
  Json toJson() {
    var json = Json.EMPTY_OBJECT;
    if (!uris.isEmpty()) {
      json = json.plus(URIS, Json.array(uris.stream().map(Json::string).toList()));
    }
    for (var kind : lists) {
      json = json.plus(kind.listenFlag(), Json.trusted("true"));
    }
    return json;
  }
}
