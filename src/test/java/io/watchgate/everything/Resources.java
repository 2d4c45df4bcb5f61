package io.watchgate.everything;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// The resources: two that stay, one that is watched, and a template.
final class Resources {
  static final String WATCHED = "test://watched-resource";

  private static final Pattern TEMPLATE = Pattern.compile("test://template/([^/]+)/data");

  private final AtomicInteger touches = new AtomicInteger();

  void touch() {
    touches.incrementAndGet();
  }

  List<ObjectNode> list() {
    return List.of(
        definition("test://static-text", "Static text", "text/plain"),
        definition("test://static-binary", "Static binary", "image/png"),
        definition(WATCHED, "Watched resource", "text/plain"));
  }

  private static ObjectNode definition(String uri, String name, String type) {
    return Tree.object()
        .put("uri", uri)
        .put("name", name)
        .put("description", name + " for tests")
        .put("mimeType", type);
  }

  List<ObjectNode> templates() {
    return List.of(
        Tree.object()
            .put("uriTemplate", "test://template/{id}/data")
            .put("name", "Template")
            .put("description", "Data of one id")
            .put("mimeType", "application/json"));
  }

  /// The result of `resources/read`, or nothing when there is no such resource.
  Optional<ObjectNode> read(String uri) {
    var matcher = TEMPLATE.matcher(uri);
    if (matcher.matches()) {
      var data = Tree.object().put("id", matcher.group(1)).put("templateTest", true);
      data.put("data", "Data for ID: " + matcher.group(1));
      return Optional.of(contents(uri, "application/json", "text", Tree.write(data)));
    }
    return Optional.ofNullable(
        switch (uri) {
          case "test://static-text" ->
              contents(
                  uri, "text/plain", "text", "This is the content of the static text resource.");
          case "test://static-binary" ->
              contents(uri, "image/png", "blob", ContentTools.image().path("data").asString());
          case WATCHED ->
              contents(uri, "text/plain", "text", "Touched " + touches.get() + " times");
          default -> null;
        });
  }

  private static ObjectNode contents(String uri, String type, String kind, String data) {
    var result = Tree.object();
    result.putArray("contents").addObject().put("uri", uri).put("mimeType", type).put(kind, data);
    return result;
  }
}
