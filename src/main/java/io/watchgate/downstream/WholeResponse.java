package io.watchgate.downstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The head of a response that is there as a whole, and so is written as one buffer.
///
/// @param headers beside those of the body
record WholeResponse(HttpResponseStatus status, Map<String, String> headers) {

  /// Writes responses that come in parts, and lets whole ones pass.
  static final class Encoder extends HttpResponseEncoder {
    @Override
    public boolean acceptOutboundMessage(Object message) throws Exception {
      return !(message instanceof ByteBuf) && super.acceptOutboundMessage(message);
    }
  }

  ByteBuf with(byte[] body, ByteBufAllocator allocator) {
    var head = head(body.length);
    return allocator.ioBuffer(head.length + body.length).writeBytes(head).writeBytes(body);
  }

  /// The answer to `HEAD`: what the body would be is said, and it is not there.
  ByteBuf without(byte[] body, ByteBufAllocator allocator) {
    var head = head(body.length);
    return allocator.ioBuffer(head.length).writeBytes(head);
  }

  private byte[] head(int bodyBytes) {
    var head = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
    if (!headers.isEmpty()) {
      var checked = new DefaultHttpHeaders();
      headers.forEach(checked::set);
      checked.forEach(one -> line(head, one.getKey(), one.getValue()));
    }
    if (bodyBytes > 0) {
      line(head, "content-type", "application/json");
    }
    if (!status.equals(HttpResponseStatus.NO_CONTENT)) { // which says itself that there is none
      line(head, "content-length", Integer.toString(bodyBytes));
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void line(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }
}
