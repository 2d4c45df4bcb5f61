package io.watchgate.jsonrpc;

/// The error codes that the gateway itself answers with.
public final class ErrorCode {
  public static final int PARSE_ERROR = -32700;
  public static final int INVALID_REQUEST = -32600;
  public static final int METHOD_NOT_FOUND = -32601;
  public static final int INVALID_PARAMS = -32602;
  public static final int INTERNAL = -32603;
  public static final int RESOURCE_NOT_FOUND = -32002;
  public static final int UPSTREAM_UNAVAILABLE = -32003;
  public static final int UPSTREAM_TIMEOUT = -32004;
  public static final int OVERLOADED = -32006;

  private ErrorCode() {}
}
