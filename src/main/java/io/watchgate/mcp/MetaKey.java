package io.watchgate.mcp;

/// The keys of `_meta` that the specification reserves (2026-07-28, basic, "_meta"), and ours.
public final class MetaKey {
  /// The revision that a request is in: what makes it stateless.
  public static final String PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";

  /// What the client of a request can be asked for, an object.
  public static final String CLIENT_CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";

  public static final String CLIENT_INFO = "io.modelcontextprotocol/clientInfo";

  /// The least severe log message that a request wants to hear.
  public static final String LOG_LEVEL = "io.modelcontextprotocol/logLevel";

  /// The id of the `subscriptions/listen` that a notification belongs to.
  public static final String SUBSCRIPTION_ID = "io.modelcontextprotocol/subscriptionId";

  public static final String SERVER_INFO = "io.modelcontextprotocol/serverInfo";

  /// The task that a message belongs to (2025-11-25).
  public static final String RELATED_TASK = "io.modelcontextprotocol/related-task";

  /// Names the session with the server that a call uses. Ours.
  public static final String SESSION_KEY = "io.watchgate/sessionKey";

  /// The servers that a list lacks, each with the cause. Ours.
  public static final String UNAVAILABLE = "io.watchgate/unavailable";

  private MetaKey() {}
}
