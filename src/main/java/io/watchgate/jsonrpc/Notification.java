package io.watchgate.jsonrpc;

import java.util.Optional;

/// A message that wants no answer. Immutable.
public final class Notification implements Message {
  private final Frame frame;
  private final String method;

  Notification(Frame frame, String method) {
    this.frame = frame;
    this.method = method;
  }

  /// A notification of the gateway's own.
  public static Notification of(String method, Json params) {
    var json =
        "{\"jsonrpc\":\"2.0\",\"method\":%s,\"params\":%s}"
            .formatted(JsonString.quote(method), params);
    return new Notification(Frame.trusted(json), method);
  }

  /// A notification without parameters.
  public static Notification of(String method) {
    var json = "{\"jsonrpc\":\"2.0\",\"method\":%s}".formatted(JsonString.quote(method));
    return new Notification(Frame.trusted(json), method);
  }

  public String method() {
    return method;
  }

  /// This notification with another value of a field that it has.
  public Notification with(Field field, Json value) {
    return new Notification(frame.with(field, value), method);
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
