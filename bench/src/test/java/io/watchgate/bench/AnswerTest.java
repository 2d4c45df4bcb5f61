package io.watchgate.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class AnswerTest {
  private static final Operation CALL = Operation.call("small", 10, "fine");
  private static final String TEXT = "{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":\"fine\"}";

  private final Answer answer = learn();

  private static Answer learn() {
    try {
      return Answer.learn(Bytes.of(TEXT.formatted(10_000_001)), 10_000_001, CALL);
    } catch (BenchFailure failure) {
      throw new AssertionError(failure);
    }
  }

  private static HttpMessage response(String type, String body) throws BenchFailure {
    var response = new HttpMessage();
    var text =
        "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(type, body.length(), body);
    response.take(ByteBuffer.wrap(Bytes.of(text)));
    assertThat(response.isWhole()).isTrue();
    return response;
  }

  @Test
  void anAnswerWithItsOwnIdIsRight() throws BenchFailure {
    answer.check(response("application/json", TEXT.formatted(12_345_678)), 12_345_678);
  }

  @Test
  void anAnswerToAnotherRequestIsWrong() throws BenchFailure {
    var other = response("application/json", TEXT.formatted(12_345_679));
    assertThatThrownBy(() -> answer.check(other, 12_345_678)).isInstanceOf(BenchFailure.class);
  }

  @Test
  void anAnswerThatDiffersInOneByteIsWrong() throws BenchFailure {
    var other = response("application/json", TEXT.formatted(12_345_678).replace("fine", "find"));
    assertThatThrownBy(() -> answer.check(other, 12_345_678))
        .isInstanceOf(BenchFailure.class)
        .hasMessageContaining("12345678");
  }

  @Test
  void theLastEventOfAStreamIsTheAnswer() throws BenchFailure {
    var events =
        "event: message\nid: 1\ndata: {\"method\":\"notifications/progress\"}\n\n"
            + "event: message\nid: 2\ndata: %s\n\n".formatted(TEXT.formatted(12_345_678));
    answer.check(response("text/event-stream", events), 12_345_678);
  }

  @Test
  void anAnswerWithoutWhatIsAskedForIsNotLearned() {
    var refusal = Bytes.of("{\"jsonrpc\":\"2.0\",\"id\":10000001,\"error\":{}}");
    assertThatThrownBy(() -> Answer.learn(refusal, 10_000_001, CALL))
        .isInstanceOf(BenchFailure.class);
  }

  @Test
  void anAnswerKnowsItsId() {
    var line = Bytes.of(TEXT.formatted(98_765_432));
    assertThat(answer.idOf(line, 0, line.length)).isEqualTo(98_765_432);
  }
}
