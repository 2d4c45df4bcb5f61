package io.watchgate.everything;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a stateless request says about itself in `_meta`.
record Envelope(JsonNode meta, Capabilities client) {
  static final String REVISION = "2026-07-28";
  static final String VERSION_KEY = "io.modelcontextprotocol/protocolVersion";
  static final List<String> LEVELS =
      List.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");

  private static final String CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities";
  private static final String LEVEL_KEY = "io.modelcontextprotocol/logLevel";

  /// Whether a message claims to be of a stateless revision.
  static boolean isClaimedBy(JsonNode message) {
    return message.path("params").path("_meta").has(VERSION_KEY);
  }

  /// Reads the envelope, or refuses one that is incomplete or of another revision.
  static Envelope of(JsonNode request) {
    JsonNode meta = request.path("params").path("_meta");
    JsonNode version = meta.path(VERSION_KEY);
    if (!version.isString()) {
      throw incomplete(VERSION_KEY);
    }
    JsonNode capabilities = meta.path(CAPABILITIES_KEY);
    if (!capabilities.isObject()) {
      throw incomplete(CAPABILITIES_KEY);
    }
    if (!version.asString().equals(REVISION)) {
      throw unsupported(version.asString());
    }
    return new Envelope(meta, new Capabilities(capabilities));
  }

  private static Failure incomplete(String key) {
    return Failure.invalidEnvelope("Invalid _meta: " + key + " is missing or malformed");
  }

  static Failure unsupported(String requested) {
    ObjectNode data = Tree.object();
    data.putArray("supported").add(REVISION);
    data.put("requested", requested);
    return Failure.of(
        Failure.UNSUPPORTED_VERSION, "Unsupported protocol version: " + requested, data);
  }

  Optional<JsonNode> progressToken() {
    return meta.optional("progressToken").filter(token -> token.isString() || token.isNumber());
  }

  /// The least log level that the client wants, as an index; nothing when it wants no logs.
  Optional<Integer> logLevel() {
    return meta.optional(LEVEL_KEY)
        .map(level -> {
          int index = LEVELS.indexOf(level.asString(""));
          if (index < 0) {
            throw Failure.invalidParams("Unknown log level: " + level);
          }
          return index;
        });
  }
}
