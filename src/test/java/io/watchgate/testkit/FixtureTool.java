package io.watchgate.testkit;

import tools.jackson.databind.node.ObjectNode;

/// A tool of the fixture: how it is listed, and what a call does.
///
/// @param definition the entry of `tools/list`
record FixtureTool(ObjectNode definition, Body body) {

  /// What a call does. It answers through the request, or does not.
  interface Body {
    void run(FixtureRequest call) throws InterruptedException;
  }

  /// A tool whose arguments are pairs of name and type as [FixtureJson#schema] reads them.
  static FixtureTool of(String name, String description, Body body, String... arguments) {
    var definition = FixtureJson.object().put("name", name).put("description", description);
    definition.set("inputSchema", FixtureJson.schema(arguments));
    return new FixtureTool(definition, body);
  }

  String name() {
    return definition.path("name").asString("");
  }
}
