package io.watchgate.agents;

import io.watchgate.agents.Result.Degradation;
import io.watchgate.agents.models.ToolSpec;
import io.watchgate.flow.Call;
import io.watchgate.flow.Cancellation;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Fingerprint;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.MetaKey;
import io.watchgate.mcp.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The tools that an agent may use, as the gateway lists them at a moment.
///
/// @param offered by name, to the model
/// @param all names that there are
/// @param servers that have the offered ones
/// @param missing servers that could not say what they have
record ToolList(
    Map<String, ToolSpec> offered,
    Set<String> all,
    Set<String> servers,
    List<Degradation> missing) {
  static final ToolList NONE = new ToolList(Map.of(), Set.of(), Set.of(), List.of());

  /// More than any model can tell apart.
  private static final int MOST = 512;

  /// The list of the gateway cannot be read.
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(Response refusal) {
      super("the tools cannot be listed: " + refusal.errorMessage(), null, false, false);
    }
  }

  /// Reads what there is for agents of a type.
  static ToolList read(AgentType type, Doorway doorway, AgentSession reader, Deadline deadline)
      throws Unreadable, InterruptedException {
    if (type.tools().isEmpty()) {
      return NONE;
    }
    var offered = new LinkedHashMap<String, ToolSpec>();
    var all = new TreeSet<String>();
    var missing = new ArrayList<Degradation>();
    var cursor = Optional.<Json>empty();
    do {
      var page = page(doorway, reader, cursor, deadline);
      for (var tool : page.member("tools").map(Json::elements).orElse(List.of())) {
        var name = tool.textMember("name").orElse("");
        all.add(name);
        if (type.mayCall(name) && offered.size() < MOST) {
          offered.put(name, spec(name, tool));
        }
      }
      missing.addAll(unavailable(page));
      cursor = page.member("nextCursor");
    } while (cursor.isPresent());
    var owners = doorway.owners(reader);
    var servers = new TreeSet<String>(owners.values());
    servers.retainAll(
        offered.keySet().stream().map(tool -> owners.getOrDefault(tool, "")).toList());
    return new ToolList(offered, all, servers, missing.stream().distinct().toList());
  }

  private static Json page(
      Doorway doorway, AgentSession reader, Optional<Json> cursor, Deadline deadline)
      throws Unreadable, InterruptedException {
    var params = cursor.map(at -> Json.object("cursor", at)).orElse(Json.EMPTY_OBJECT);
    var request = Request.of(RequestId.of(1), Method.TOOLS_LIST, params);
    var call = new Call(request, reader, deadline, new Cancellation());
    var response = doorway.all().handle(call).response();
    return response.result().orElseThrow(() -> new Unreadable(response));
  }

  private static ToolSpec spec(String name, Json tool) {
    return new ToolSpec(
        name,
        tool.textMember("description").orElse(""),
        tool.member("inputSchema").filter(Json::isObject).orElse(Json.EMPTY_OBJECT));
  }

  private static List<Degradation> unavailable(Json page) {
    return page
        .member("_meta")
        .flatMap(meta -> meta.member(MetaKey.UNAVAILABLE))
        .map(Json::members)
        .orElse(List.of())
        .stream()
        .map(server ->
            new Degradation(server.key(), server.value().isString() ? server.value().text() : ""))
        .toList();
  }

  /// Another text for each other set of definitions.
  String version() {
    var definitions = new ArrayList<Json>();
    for (var spec : offered.values()) {
      definitions.add(
          Json.array(
              List.of(Json.string(spec.name()), Json.string(spec.description()), spec.schema())));
    }
    return Fingerprint.whole(Json.array(definitions).toBytes());
  }
}
