package io.watchgate.downstream;

import static io.watchgate.downstream.HttpServer.ACCEPT;
import static io.watchgate.downstream.HttpServer.JSON;

import io.watchgate.testkit.RawHttp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Requests of revision 2026-07-28 as a client writes them.
final class Stateless {
  static final String VERSION = "MCP-Protocol-Version: 2026-07-28";
  static final String META = meta("2026-07-28", "{}", "");

  private Stateless() {}

  /// @param more members behind the two that must be there, each with a comma in front
  static String meta(String version, String capabilities, String more) {
    return """
    {"io.modelcontextprotocol/protocolVersion":"%s",\
    "io.modelcontextprotocol/clientCapabilities":%s%s}\
    """
        .formatted(version, capabilities, more);
  }

  /// A request that makes a claim.
  ///
  /// @param members of its params, each with a comma behind
  static String request(Object id, String method, String members) {
    return request(id, method, members, META);
  }

  static String request(Object id, String method, String members, String meta) {
    return HttpServer.call(id, method, "{" + members + "\"_meta\":" + meta + "}");
  }

  static String notification(String method, String members) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":{%s\"_meta\":%s}}"
        .formatted(method, members, META);
  }

  /// Sends a body with the headers that a request of a method has.
  static RawHttp post(RawHttp http, String body, String method, String... headers)
      throws IOException {
    var all = new ArrayList<>(List.of(JSON, ACCEPT, VERSION, "Mcp-Method: " + method));
    all.addAll(List.of(headers));
    return http.request("POST", "/mcp", body, all.toArray(String[]::new));
  }

  /// A listen to some kinds of notifications.
  static String listen(Object id, String notifications) {
    return request(id, "subscriptions/listen", "\"notifications\":{" + notifications + "},");
  }
}
