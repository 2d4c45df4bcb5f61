package io.watchgate;

import io.watchgate.jsonrpc.Json;
import io.watchgate.mcp.MetaKey;
import io.watchgate.mcp.Method;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Lists the tools as a client would see them, with the server that each comes from.
@Command(
    name = "tools",
    description = "Lists the tools that a client would see, with owner and original name.")
final class ToolsCommand implements Callable<Integer> {
  private static final int DESCRIPTION_WIDTH = 60;

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (var gateway = new Gateway(options.loadOnce())) {
      Shutdown.beforeBreak(gateway::close);
      var client = new LocalClient(gateway.handler(), _ -> {});
      gateway.prepare(client);
      for (var upstream : gateway.upstreams()) {
        var patience = upstream.settings().connectionTimeout().plus(Duration.ofSeconds(1));
        upstream.awaitFirstContact(patience);
      }
      var response = client.request(Method.TOOLS_LIST, Json.EMPTY_OBJECT);
      if (response.result().isEmpty()) {
        System.err.println("watchgate: " + response.errorMessage());
        return Failures.FAILED;
      }
      return print(gateway, client, response.result().get());
    }
  }

  private int print(Gateway gateway, LocalClient client, Json result) throws InterruptedException {
    var rows = new ArrayList<Json>();
    var table = new Table();
    table.add("TOOL", "SERVER", "ORIGINAL NAME", "DESCRIPTION");
    for (var tool : tools(client, result)) {
      var name = tool.textMember("name").orElse("");
      var origin = gateway.router().origin(name, client);
      if (json) {
        rows.add(
            Json.object(
                "name", name, "server", origin.server(), "original", origin.name(), "tool", tool));
      } else {
        table.add(name, origin.server(), origin.name(), description(tool));
      }
    }
    if (json) {
      System.out.println(Json.array(rows));
    } else {
      table.print(System.out);
    }
    var unavailable = result.member("_meta").flatMap(m -> m.member(MetaKey.UNAVAILABLE));
    unavailable.ifPresent(servers ->
        servers
            .members()
            .forEach(server ->
                System.err.println(
                    "watchgate: server \""
                        + server.key()
                        + "\" is not there: "
                        + server.value().text())));
    return unavailable.isPresent() ? Failures.FAILED : 0;
  }

  /// The tools of a first page and of those behind it.
  private static List<Json> tools(LocalClient client, Json first) throws InterruptedException {
    var tools = new ArrayList<Json>();
    var page = Optional.of(first);
    while (page.isPresent()) {
      tools.addAll(page.get().member("tools").map(Json::elements).orElse(List.of()));
      var cursor = page.get().member("nextCursor");
      page =
          cursor.isEmpty()
              ? Optional.empty()
              : client.request(Method.TOOLS_LIST, Json.object("cursor", cursor.get())).result();
    }
    return tools;
  }

  private static String description(Json tool) {
    var first = tool.textMember("description").orElse("").lines().findFirst().orElse("");
    return first.length() <= DESCRIPTION_WIDTH
        ? first
        : first.substring(0, DESCRIPTION_WIDTH).strip() + "…";
  }
}
