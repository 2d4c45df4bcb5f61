package io.watchgate.jsonrpc;

/// The id of a request in its sender's own spelling, so that it goes back exactly as it came.
///
/// @param json a JSON string or number, as written: `1` and `"1"` are two ids
public record RequestId(String json) {

  /// An id minted by the gateway.
  public static RequestId of(long number) {
    return new RequestId(Long.toString(number));
  }

  @Override
  public String toString() {
    return json;
  }
}
