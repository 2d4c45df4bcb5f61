package io.watchgate.routing;

import io.watchgate.flow.Seal;
import io.watchgate.flow.Server;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.MetaKey;
import io.watchgate.mcp.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The ids of tasks as clients know them: a token that names the server and opens for the principal
/// whose task it is. A server that is alone and tells clients apart by its own sessions keeps its
/// ids as they are.
///
/// @param single whether there is one server only
record TaskIds(Seal seal, boolean single) {
  private static final String ID = "taskId";

  /// A task of a server, under the server's own id.
  record Task(String server, String id) {}

  /// Whether clients know this server's tasks under other ids than its own.
  boolean areSealed(Server server) {
    return !single || Member.servesEverybody(server);
  }

  /// The task that a principal means, empty when there is none of that id for it.
  Optional<Task> open(String exposed, String principal) {
    return seal.open(purpose(principal), exposed)
        .map(content -> {
          var text = new String(content, StandardCharsets.UTF_8);
          int end = text.indexOf('\0');
          return new Task(text.substring(0, end), text.substring(end + 1));
        });
  }

  private String sealed(Server server, String id, String principal) {
    var content = server.name() + '\0' + id;
    return seal.sealAlike(purpose(principal), content.getBytes(StandardCharsets.UTF_8));
  }

  private static String purpose(String principal) {
    return "task of " + principal;
  }

  /// The answer to a call, with the ids that the principal knows.
  Response outward(Server server, String method, Response response, String principal) {
    return areSealed(server)
        ? response
            .result()
            .map(result -> {
              var named = outward(method, result, id -> sealed(server, id, principal));
              return named.equals(result) ? response : response.withResult(named);
            })
            .orElse(response)
        : response;
  }

  private static Json outward(String method, Json result, UnaryOperator<String> ids) {
    var related = related(result, ids);
    return switch (method) {
      case Method.TOOLS_CALL -> {
        var made = inside(related, "task", task -> named(task, ids));
        yield made.textMember("resultType").filter("task"::equals).isPresent()
            ? named(made, ids)
            : made;
      }
      case Method.TASKS_GET, Method.TASKS_CANCEL, Method.TASKS_UPDATE -> named(related, ids);
      case Method.TASKS_LIST ->
          inside(
              related,
              "tasks",
              tasks -> {
                var all = new ArrayList<Json>();
                tasks.elements().forEach(task -> all.add(named(task, ids)));
                return Json.array(all);
              });
      default -> related;
    };
  }

  private static Json named(Json task, UnaryOperator<String> ids) {
    return task.textMember(ID).map(id -> task.with(ID, Json.string(ids.apply(id)))).orElse(task);
  }

  /// What has `_meta` may say which task it belongs to.
  private static Json related(Json withMeta, UnaryOperator<String> ids) {
    return inside(withMeta, "_meta", meta -> relatedIn(meta, ids));
  }

  private static Json relatedIn(Json meta, UnaryOperator<String> ids) {
    return inside(meta, MetaKey.RELATED_TASK, task -> named(task, ids));
  }

  private static Json inside(Json object, String key, UnaryOperator<Json> change) {
    return object.member(key).map(value -> object.with(key, change.apply(value))).orElse(object);
  }

  /// Whether a notification says something of one task.
  static boolean isOfATask(Notification notification) {
    return notification.method().equals(Method.TASK_STATUS)
        || notification.method().equals(Method.TASK_CHANGED)
        || notification.field(Field.META).flatMap(m -> m.member(MetaKey.RELATED_TASK)).isPresent();
  }

  /// What a server tells, with the ids that the principal knows.
  Notification outward(Server server, Notification notification, String principal) {
    if (!isOfATask(notification) || !areSealed(server)) {
      return notification;
    }
    UnaryOperator<String> ids = id -> sealed(server, id, principal);
    var related =
        notification
            .field(Field.META)
            .map(meta -> notification.with(Field.META, relatedIn(meta, ids)))
            .orElse(notification);
    return related
        .text(Field.TASK_ID)
        .map(id -> related.with(Field.TASK_ID, Json.string(ids.apply(id))))
        .orElse(related);
  }

  /// What a server asks for a task, with the id that the principal knows.
  Request outward(Server server, Request request, String principal) {
    var meta = request.field(Field.META);
    return meta.isPresent() && areSealed(server)
        ? request.with(Field.META, relatedIn(meta.get(), id -> sealed(server, id, principal)))
        : request;
  }

  /// The answer to what a server asked for a task, with the server's own id.
  Response inward(Server server, Response response, String principal) {
    return areSealed(server)
        ? response
            .result()
            .filter(result -> result.member("_meta").isPresent())
            .map(result -> response.withResult(related(result, id -> own(server, id, principal))))
            .orElse(response)
        : response;
  }

  private String own(Server server, String exposed, String principal) {
    return open(exposed, principal)
        .filter(task -> task.server().equals(server.name()))
        .map(Task::id)
        .orElse(exposed);
  }
}
