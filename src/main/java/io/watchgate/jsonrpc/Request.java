package io.watchgate.jsonrpc;

import java.util.Optional;

/// A message that wants an answer. Immutable.
public final class Request implements Message {
  private final Frame frame;
  private final RequestId id;
  private final String method;

  Request(Frame frame, RequestId id, String method) {
    this.frame = frame;
    this.id = id;
    this.method = method;
  }

  /// A request of the gateway's own.
  public static Request of(RequestId id, String method, Json params) {
    var json =
        "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":%s,\"params\":%s}"
            .formatted(id, JsonString.quote(method), params);
    return new Request(Frame.trusted(json), id, method);
  }

  public RequestId id() {
    return id;
  }

  public String method() {
    return method;
  }

  /// This request under another id.
  public Request withId(RequestId other) {
    return new Request(frame.with(Field.ID, Json.trusted(other.json())), other, method);
  }

  /// This request with another value of a field that it has.
  public Request with(Field field, Json value) {
    return new Request(frame.with(field, value), id, method);
  }

  @Override
  public Optional<Json> field(Field field) {
    return frame.field(field);
  }

  @Override
  public int length() {
    return frame.length();
  }

  @Override
  public int wireLength() {
    return frame.wireLength();
  }

  @Override
  public byte[] toBytes() {
    return frame.toBytes();
  }
}
