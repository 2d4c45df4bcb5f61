package io.watchgate.everything;

import io.watchgate.everything.Change.ListChanged;
import io.watchgate.everything.Change.ResourceUpdated;
import io.watchgate.everything.Change.TaskChanged;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One `subscriptions/listen`: it sends what its client asked for, and nothing else.
final class Subscription implements Consumer<Change> {
  private static final String ID_KEY = "io.modelcontextprotocol/subscriptionId";

  private final ReentrantLock lock = new ReentrantLock();
  private final JsonNode id;
  private final JsonNode wanted;
  private final boolean withTasks;
  private final Outbox outbox;

  Subscription(JsonNode id, JsonNode wanted, boolean withTasks, Outbox outbox) {
    this.id = id;
    this.wanted = wanted;
    this.withTasks = withTasks;
    this.outbox = outbox;
  }

  /// Acknowledges, then tells changes; nothing comes before the acknowledgement.
  void open(Changes changes) {
    lock.lock();
    try {
      changes.listen(this);
      var params = Tree.object();
      params.set("notifications", honoured());
      outbox.send(tagged("notifications/subscriptions/acknowledged", params));
    } finally {
      lock.unlock();
    }
  }

  private ObjectNode honoured() {
    var honoured = Tree.object();
    for (var list : new String[] {"tools", "prompts", "resources"}) {
      if (wants(list)) {
        honoured.put(list + "ListChanged", true);
      }
    }
    if (wanted.path("resourceSubscriptions").isArray()) {
      honoured.set("resourceSubscriptions", wanted.path("resourceSubscriptions"));
    }
    if (withTasks && wanted.path("taskIds").isArray()) {
      honoured.set("taskIds", wanted.path("taskIds"));
    }
    return honoured;
  }

  private boolean wants(String list) {
    return wanted.path(list + "ListChanged").asBoolean(false);
  }

  @Override
  public void accept(Change change) {
    var message = message(change);
    if (message.isPresent()) {
      lock.lock();
      try {
        outbox.send(message.get());
      } catch (UncheckedIOException e) {
        // This listener has left: that is no matter of whoever made the change.
      } finally {
        lock.unlock();
      }
    }
  }

  private Optional<ObjectNode> message(Change change) {
    return switch (change) {
      case ListChanged(String list) when wants(list) ->
          Optional.of(tagged("notifications/" + list + "/list_changed", Tree.object()));
      case ResourceUpdated(String uri) when contains("resourceSubscriptions", uri) ->
          Optional.of(tagged("notifications/resources/updated", Tree.object().put("uri", uri)));
      case TaskChanged(Task task) when withTasks && contains("taskIds", task.id()) ->
          Optional.of(tagged("notifications/tasks", ModernTasks.detailed(task)));
      default -> Optional.empty();
    };
  }

  private boolean contains(String list, String value) {
    return wanted.path(list).valueStream().anyMatch(entry -> entry.asString("").equals(value));
  }

  private ObjectNode tagged(String method, ObjectNode params) {
    params.withObjectProperty("_meta").set(ID_KEY, id);
    return Tree.notification(method, params);
  }

  /// The result that ends the stream.
  ObjectNode end() {
    var result = Tree.object();
    result.putObject("_meta").set(ID_KEY, id);
    return result;
  }
}
