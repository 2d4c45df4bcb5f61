package io.watchgate.everything;

import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/// A tool: how it is listed, and what a call does.
///
/// @param upfront what a stateless client is asked before the call becomes a task
record Tool(
    String name,
    String description,
    ObjectNode inputSchema,
    TaskSupport taskSupport,
    Inputs upfront,
    Body body) {

  /// What a call does. It returns a result, or throws [Trouble], [Failure] or [InputNeeded].
  interface Body {
    ObjectNode run(Call call) throws InterruptedException;
  }

  /// Whether a call may run as a task.
  enum TaskSupport {
    FORBIDDEN,
    OPTIONAL,
    REQUIRED;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Tool of(String name, String description, ObjectNode inputSchema, Body body) {
    return new Tool(name, description, inputSchema, TaskSupport.FORBIDDEN, Inputs.none(), body);
  }

  /// A tool whose arguments are texts.
  static Tool of(String name, String description, Body body, String... arguments) {
    return of(name, description, Tree.textFields(arguments), body);
  }

  Tool asTask(TaskSupport support) {
    return new Tool(name, description, inputSchema, support, upfront, body);
  }

  Tool asking(Inputs first) {
    return new Tool(name, description, inputSchema, taskSupport, first, body);
  }

  /// The entry of `tools/list`.
  ObjectNode definition() {
    var definition = Tree.object().put("name", name).put("description", description);
    definition.set("inputSchema", inputSchema);
    return definition;
  }

  ObjectNode run(Call call) throws InterruptedException {
    try {
      return body.run(call);
    } catch (Trouble trouble) {
      return trouble.result();
    }
  }
}
