package io.watchgate.telemetry;

/// The names that OpenTelemetry gives to what is seen of MCP
/// (open-telemetry/semantic-conventions-genai, status: development), and those of our own where it
/// has none. They are here and nowhere else, because they may still change.
final class Conventions {
  static final String METHOD = "mcp.method.name";
  static final String PROTOCOL_VERSION = "mcp.protocol.version";
  static final String TOOL = "gen_ai.tool.name";
  static final String OPERATION = "gen_ai.operation.name";
  static final String EXECUTE_TOOL = "execute_tool";
  static final String RPC_ID = "jsonrpc.request.id";
  static final String STATUS_CODE = "rpc.response.status_code";
  static final String ERROR_TYPE = "error.type";

  /// As an audit record has it.
  static final String REQUEST_ID = "watchgate.request_id";

  /// A fingerprint: who knows the id of a session can use it.
  static final String SESSION = "watchgate.session";

  static final String UPSTREAM = "watchgate.upstream";
  static final String WAITS_FOR = "watchgate.waits_for";
  static final String PLUGIN = "watchgate.plugin.name";

  private Conventions() {}
}
