package io.watchgate.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class HttpMessageTest {
  private final HttpMessage message = new HttpMessage();

  private void take(String text) {
    message.take(ByteBuffer.wrap(Bytes.of(text)));
  }

  @Test
  void aBodyWithALengthMayComeByteByByte() throws BenchFailure {
    var text = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nMcp-Session-Id: s1\r\n\r\nhello";
    for (int i = 0; i < text.length(); i++) {
      assertThat(message.isWhole()).isFalse();
      take(text.substring(i, i + 1));
    }
    assertThat(message.isWhole()).isTrue();
    assertThat(message.bodyText()).isEqualTo("hello");
    assertThat(message.session()).isEqualTo("s1");
    assertThat(message.status()).isEqualTo(200);
  }

  @Test
  void chunksArePutTogether() throws BenchFailure {
    take(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/event-stream\r\n\r\n");
    take("6\r\nhello \r\n5;x=y\r\nwo");
    assertThat(message.isWhole()).isFalse();
    take("rld\r\n0\r\n\r\n");
    assertThat(message.isWhole()).isTrue();
    assertThat(message.bodyText()).isEqualTo("hello world");
    assertThat(message.isEvents()).isTrue();
  }

  @Test
  void whatCameWithItIsTheNextMessage() throws BenchFailure {
    take("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\n");
    assertThat(message.isWhole()).isTrue();
    message.clear();
    assertThat(message.isWhole()).isFalse();
    take("Content-Length: 2\r\n\r\nok");
    assertThat(message.isWhole()).isTrue();
    assertThat(message.bodyText()).isEqualTo("ok");
  }

  @Test
  void aLengthThatIsNoNumberIsAFailure() {
    take("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n");
    assertThatThrownBy(message::isWhole).isInstanceOf(BenchFailure.class);
  }
}
