package io.watchgate.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The head of requests to one server that differ in their bodies only: checked and spelled once,
/// sent often.
final class HttpHead {
  private static final String LINE_END = "\r\n";

  private final byte[] start;
  private final boolean hasBody;

  /// @param target path and query
  /// @throws IllegalArgumentException when something in it would be taken for more than it is
  HttpHead(HttpMethod method, String target, Map<String, String> headers) {
    var request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, target);
    headers.forEach((name, value) -> request.headers().set(name, value));
    var text = new StringBuilder(method + " " + target + " " + HttpVersion.HTTP_1_1 + LINE_END);
    request.headers().forEach(one -> text.append(line(one.getKey(), one.getValue())));
    this.start = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    this.hasBody = method.equals(HttpMethod.POST);
  }

  private static String line(String name, String value) {
    return name + ": " + value + LINE_END;
  }

  /// A whole request.
  ///
  /// @param host the server's, as that header has it
  ByteBuf with(String host, ByteBuffer body, ByteBufAllocator allocator) {
    var rest = new StringBuilder(line("host", host));
    if (hasBody) {
      rest.append(line("content-length", Integer.toString(body.remaining())));
    }
    rest.append(LINE_END);
    return allocator
        .ioBuffer(start.length + rest.length() + body.remaining())
        .writeBytes(start)
        .writeBytes(rest.toString().getBytes(StandardCharsets.ISO_8859_1))
        .writeBytes(body.duplicate());
  }
}
