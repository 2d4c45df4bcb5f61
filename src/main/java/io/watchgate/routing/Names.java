package io.watchgate.routing;

import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Method;
import io.watchgate.routing.Merged.Target;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Gives what a server says the names under which clients know the server's things.
record Names(Catalog catalog, boolean single) {

  /// A log message names the server in its logger, an update the resource as it is exposed.
  Notification outward(String server, Notification notification) {
    return switch (notification.method()) {
      case Method.LOG -> single ? notification : withLogger(server, notification);
      case Method.RESOURCE_UPDATED -> withUri(server, notification);
      default -> notification;
    };
  }

  private static Notification withLogger(String server, Notification notification) {
    var logger = notification.field(Field.LOGGER);
    if (logger.isPresent()) {
      var name = logger.get().isString() ? "/" + logger.get().text() : "";
      return notification.with(Field.LOGGER, Json.string(server + name));
    }
    return notification
        .field(Field.PARAMS)
        .filter(Json::isObject)
        .map(params -> params.plus("logger", Json.string(server)))
        .map(params -> notification.with(Field.PARAMS, params))
        .orElse(notification);
  }

  private Notification withUri(String server, Notification notification) {
    return notification
        .text(Field.URI)
        .map(uri -> catalog.exposedUri(server, uri))
        .map(uri -> notification.with(Field.URI, Json.string(uri)))
        .orElse(notification);
  }

  /// An error's message says the name that the client used.
  static Response outward(Target target, String exposed, Response response) {
    if (response.error().isEmpty() || exposed.equals(target.original())) {
      return response;
    }
    var message = response.errorMessage();
    for (var hidden : List.of("unknown tool: ", "unknown prompt: ")) { // by a plugin
      if (message.equals(hidden + target.original())) {
        return withMessage(response, hidden + exposed);
      }
    }
    var word = Pattern.compile("(?<![\\w-])" + Pattern.quote(target.original()) + "(?![\\w-])");
    var named = word.matcher(message).replaceAll(Matcher.quoteReplacement(exposed));
    return named.equals(message) ? response : withMessage(response, named);
  }

  private static Response withMessage(Response response, String message) {
    return response.withError(response.error().orElseThrow().with("message", Json.string(message)));
  }

  /// The contents of a resource that was read under an alias say the alias.
  static Response contentsOutward(Target target, String exposed, Response response) {
    var contents = response.result().flatMap(result -> result.member("contents"));
    if (contents.isEmpty() || exposed.equals(target.original())) {
      return response;
    }
    var renamed =
        contents.get().elements().stream()
            .map(content ->
                content.textMember("uri").filter(target.original()::equals).isPresent()
                    ? content.with("uri", Json.string(exposed))
                    : content)
            .toList();
    return response.withResult(
        response.result().orElseThrow().with("contents", Json.array(renamed)));
  }
}
