package io.watchgate.mcp;

import io.watchgate.jsonrpc.Field;
import java.util.Optional;

/// The headers in which a request over HTTP repeats what its body says, for those who do not read
/// bodies (2026-07-28, streamable HTTP, "Request Metadata").
public final class MirrorHeader {
  /// Also sent by clients and servers of the revisions before, once they agreed on one.
  public static final String PROTOCOL_VERSION = "MCP-Protocol-Version";

  public static final String METHOD = "Mcp-Method";
  public static final String NAME = "Mcp-Name";

  private MirrorHeader() {}

  /// What {@link #NAME} repeats of a request with a method, empty for a method without it.
  public static Optional<Field> named(String method) {
    return switch (method) {
      case Method.TOOLS_CALL, Method.PROMPTS_GET -> Optional.of(Field.NAME);
      case Method.RESOURCES_READ -> Optional.of(Field.URI);
      case Method.TASKS_GET, Method.TASKS_UPDATE, Method.TASKS_CANCEL -> Optional.of(Field.TASK_ID);
      default -> Optional.empty();
    };
  }
}
