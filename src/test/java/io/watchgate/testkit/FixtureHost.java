package io.watchgate.testkit;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What all sessions of one fixture server share: its options, its tools, and its way to die.
final class FixtureHost {
  private final FixtureOptions options;
  private final IntConsumer death;
  private final List<FixtureTool> tools = new CopyOnWriteArrayList<>();
  private final Set<FixtureSession> sessions = ConcurrentHashMap.newKeySet();

  /// @param death ends the server with an exit status; calls in flight get no answer
  FixtureHost(FixtureOptions options, IntConsumer death) {
    this.options = options;
    this.death = death;
    tools.addAll(FixtureTools.all());
    tools.addAll(FixtureRudeTools.all());
    for (int i = 1; i <= options.number("tools", 0); i++) {
      tools.add(plainTool("extra_" + i));
    }
  }

  FixtureOptions options() {
    return options;
  }

  void die(int status) {
    death.accept(status);
  }

  List<FixtureTool> tools() {
    return tools;
  }

  FixtureTool tool(String name) {
    return tools.stream()
        .filter(tool -> tool.name().equals(name))
        .findFirst()
        .orElseThrow(() -> FixtureError.invalidParams("Unknown tool: " + name));
  }

  /// Adds a tool that answers its own name, and tells every session.
  void addTool(String name) {
    tools.add(plainTool(name));
    String message = "notifications/tools/list_changed";
    sessions.forEach(session -> session.inform(message, FixtureJson.object()));
  }

  /// Tells those sessions that subscribed to the resource.
  void updated(String uri) {
    for (FixtureSession session : sessions) {
      if (session.isSubscribed(uri)) {
        session.inform("notifications/resources/updated", FixtureJson.object().put("uri", uri));
      }
    }
  }

  void add(FixtureSession session) {
    sessions.add(session);
  }

  void remove(FixtureSession session) {
    sessions.remove(session);
    session.close();
  }

  /// One page of a list, as the `result` of a list request.
  ObjectNode page(String key, List<ObjectNode> entries, JsonNode cursor) {
    int size = options.number("page", Integer.MAX_VALUE);
    int from = cursor.isMissingNode() ? 0 : position(cursor.asString(""), entries.size());
    int to = (int) Math.min(entries.size(), (long) from + size);
    var result = FixtureJson.object();
    result.putArray(key).addAll(entries.subList(from, to));
    if (to < entries.size()) {
      result.put("nextCursor", "after-" + to);
    }
    return result;
  }

  private static int position(String cursor, int count) {
    if (cursor.matches("after-\\d{1,6}")) {
      int position = Integer.parseInt(cursor.substring("after-".length()));
      if (position <= count) {
        return position;
      }
    }
    throw FixtureError.invalidParams("Invalid cursor: " + cursor);
  }

  private static FixtureTool plainTool(String name) {
    return FixtureTool.of(name, "Answers its name", call -> call.answer(FixtureJson.text(name)));
  }
}
