package io.watchgate.mcp;

import static java.util.stream.Collectors.toUnmodifiableMap;

import io.watchgate.jsonrpc.Json;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The four lists that a server offers.
public enum ListKind {
  TOOLS(Method.TOOLS_LIST, "tools", "tools", "name"),
  PROMPTS(Method.PROMPTS_LIST, "prompts", "prompts", "name"),
  RESOURCES(Method.RESOURCES_LIST, "resources", "resources", "uri"),
  TEMPLATES(Method.TEMPLATES_LIST, "resources", "resourceTemplates", "uriTemplate");

  private static final Map<String, Optional<ListKind>> BY_METHOD =
      Stream.of(values()).collect(toUnmodifiableMap(ListKind::method, Optional::of));

  private final String method;
  private final String capability;
  private final String member;
  private final String key;

  ListKind(String method, String capability, String member, String key) {
    this.method = method;
    this.capability = capability;
    this.member = member;
    this.key = key;
  }

  /// The request that asks for the list.
  public String method() {
    return method;
  }

  /// The capability without which a server has no such list.
  public String capability() {
    return capability;
  }

  /// The member of the result that holds the entries.
  public String member() {
    return member;
  }

  /// The member of an entry that identifies it.
  public String key() {
    return key;
  }

  /// The notification that says that the list has changed.
  public String changed() {
    return "notifications/" + capability + "/list_changed";
  }

  /// The member of a `subscriptions/listen` that asks to be told of changes (2026-07-28): resources
  /// and their templates share one.
  public String listenFlag() {
    return capability + "ListChanged";
  }

  /// Whether a server of these capabilities tells of changes.
  public boolean isAnnounced(Json capabilities) {
    return capabilities
        .member(capability)
        .flatMap(of -> of.member("listChanged"))
        .filter(Json::isTrue)
        .isPresent();
  }

  public static Optional<ListKind> ofMethod(String method) {
    return BY_METHOD.getOrDefault(method, Optional.empty());
  }

  /// The lists that a notification says to have changed: resources and their templates share one.
  public static Stream<ListKind> changedBy(String notification) {
    return Stream.of(values()).filter(kind -> kind.changed().equals(notification));
  }
}
