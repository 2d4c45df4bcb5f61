package io.watchgate.downstream;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import org.jspecify.annotations.Nullable;

/// Reads requests whole. One that is too large goes on without its body and marked as such, because
/// its refusal must not overtake the answers of requests before it.
final class WholeRequests extends HttpObjectAggregator {

  /// The mark of a request whose body is too large.
  static final class TooLarge extends TooLongFrameException {
    private static final long serialVersionUID = 1L;
  }

  WholeRequests(int maxBytes) {
    super(maxBytes);
  }

  /// A client that asks first gets the refusal at once, in place of the body it would send.
  @Override
  protected @Nullable Object newContinueResponse(
      HttpMessage start, int maxContentLength, ChannelPipeline pipeline) {
    return HttpUtil.getContentLength(start, 0L) > maxContentLength
        ? null
        : super.newContinueResponse(start, maxContentLength, pipeline);
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
    var request = (HttpRequest) oversized;
    var marked =
        new DefaultFullHttpRequest(
            request.protocolVersion(), request.method(), request.uri(), Unpooled.EMPTY_BUFFER);
    marked.headers().set(request.headers());
    marked.setDecoderResult(DecoderResult.failure(new TooLarge()));
    context.fireChannelRead(marked);
  }
}
