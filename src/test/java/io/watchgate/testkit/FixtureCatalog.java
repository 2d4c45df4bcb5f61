package io.watchgate.testkit;

import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The lists, resources, prompts and completions of a fixture server.
final class FixtureCatalog {
  private static final String SHARED = "fixture://shared";

  private final FixtureHost host;
  private final String prefix;

  FixtureCatalog(FixtureHost host) {
    this.host = host;
    this.prefix = host.options().uriPrefix();
  }

  ObjectNode answer(FixtureRequest request) {
    return switch (request.method()) {
      case "resources/list" -> host.page("resources", resources(), cursor(request));
      case "resources/templates/list" ->
          host.page("resourceTemplates", templates(), cursor(request));
      case "resources/read" -> read(request.required("uri"));
      case "prompts/list" -> host.page("prompts", prompts(), cursor(request));
      case "prompts/get" -> prompt(request);
      case "completion/complete" -> complete(request);
      default -> throw new FixtureError(-32601, "Method not found: " + request.method());
    };
  }

  ObjectNode tools(FixtureRequest request) {
    var definitions = host.tools().stream().map(FixtureTool::definition).toList();
    return host.page("tools", definitions, cursor(request));
  }

  private static JsonNode cursor(FixtureRequest request) {
    return request.params().path("cursor");
  }

  private List<ObjectNode> resources() {
    return List.of(
        resource(prefix + "static", "static", "text/plain"),
        resource(prefix + "blob", "blob", "application/octet-stream"),
        resource(SHARED, "shared", "text/plain"));
  }

  private static ObjectNode resource(String uri, String name, String type) {
    return FixtureJson.object().put("uri", uri).put("name", name).put("mimeType", type);
  }

  private List<ObjectNode> templates() {
    return List.of(
        FixtureJson.object()
            .put("uriTemplate", prefix + "item/{id}")
            .put("name", "item")
            .put("mimeType", "text/plain"));
  }

  void checkResource(String uri) {
    read(uri);
  }

  private ObjectNode read(String uri) {
    String name = host.options().name();
    if (uri.equals(prefix + "static")) {
      return contents(uri, "static text of " + name);
    } else if (uri.equals(SHARED)) {
      return contents(uri, "shared text of " + name);
    } else if (uri.equals(prefix + "blob")) {
      var result = FixtureJson.object();
      result
          .putArray("contents")
          .addObject()
          .put("uri", uri)
          .put("mimeType", "application/octet-stream")
          .put("blob", "AAEC/w==");
      return result;
    } else if (uri.startsWith(prefix + "item/") && !uri.endsWith("/missing")) {
      return contents(uri, "item " + uri.substring((prefix + "item/").length()) + " of " + name);
    }
    throw new FixtureError(-32002, "Resource not found: " + uri);
  }

  private static ObjectNode contents(String uri, String text) {
    var result = FixtureJson.object();
    result
        .putArray("contents")
        .addObject()
        .put("uri", uri)
        .put("mimeType", "text/plain")
        .put("text", text);
    return result;
  }

  private List<ObjectNode> prompts() {
    var greet = FixtureJson.object().put("name", "greet").put("description", "Greets somebody");
    greet.putArray("arguments").addObject().put("name", "who").put("required", true);
    return List.of(greet, FixtureJson.object().put("name", "plain"));
  }

  private ObjectNode prompt(FixtureRequest request) {
    String name = request.required("name");
    return switch (name) {
      case "greet" -> {
        if (!request.arguments().path("who").isString()) {
          throw FixtureError.invalidParams("prompt greet: the argument who is required");
        }
        yield message("Greet " + request.argument("who", "") + ", says " + host.options().name());
      }
      case "plain" -> message("Plain words of " + host.options().name());
      default -> throw FixtureError.invalidParams("Unknown prompt: " + name);
    };
  }

  private static ObjectNode message(String text) {
    var result = FixtureJson.object().put("description", text);
    var content = result.putArray("messages").addObject().put("role", "user").putObject("content");
    content.put("type", "text").put("text", text);
    return result;
  }

  private ObjectNode complete(FixtureRequest request) {
    JsonNode argument = request.params().path("argument");
    String start = argument.path("value").asString("");
    var result = FixtureJson.object();
    var completion = result.putObject("completion");
    var values = completion.putArray("values");
    candidates(request.params().path("ref"))
        .filter(value -> value.startsWith(start))
        .forEach(values::add);
    completion.put("total", values.size()).put("hasMore", false);
    return result;
  }

  private Stream<String> candidates(JsonNode ref) {
    String type = ref.path("type").asString("");
    if (type.equals("ref/prompt") && ref.path("name").asString("").equals("greet")) {
      return Stream.of("ada", "alan", "grace", host.options().name());
    }
    if (type.equals("ref/resource") && ref.path("uri").asString("").equals(prefix + "item/{id}")) {
      return Stream.of("1", "10", "2", host.options().name());
    }
    throw FixtureError.invalidParams("Unknown reference: " + ref);
  }
}
