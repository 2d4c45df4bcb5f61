package io.watchgate.jsonrpc;

/// The error codes that the gateway itself answers with.
public final class ErrorCode {
  public static final int PARSE_ERROR = -32700;
  public static final int INVALID_REQUEST = -32600;
  public static final int METHOD_NOT_FOUND = -32601;
  public static final int INVALID_PARAMS = -32602;
  public static final int INTERNAL = -32603;

  /// A plugin or a policy stopped it.
  public static final int BLOCKED = -32000;

  public static final int RESOURCE_NOT_FOUND = -32002;
  public static final int UPSTREAM_UNAVAILABLE = -32003;
  public static final int UPSTREAM_TIMEOUT = -32004;

  /// A critical recorder cannot keep a record.
  public static final int AUDIT_UNAVAILABLE = -32005;

  public static final int OVERLOADED = -32006;

  /// HTTP headers that disagree with the body (2026-07-28).
  public static final int HEADER_MISMATCH = -32020;

  /// The client did not declare what the server has to ask of it (2026-07-28).
  public static final int MISSING_CAPABILITY = -32021;

  /// A revision that is not spoken here (2026-07-28).
  public static final int UNSUPPORTED_VERSION = -32022;

  /// The client has to visit a URL first (2025-11-25).
  public static final int URL_ELICITATION_REQUIRED = -32042;

  private ErrorCode() {}
}
