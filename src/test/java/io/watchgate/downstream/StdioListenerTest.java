package io.watchgate.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class StdioListenerTest {
  private StdioClient client;

  @BeforeEach
  void connect() throws IOException {
    client = new StdioClient().initialized("2025-11-25");
  }

  @AfterEach
  void close() throws IOException, InterruptedException {
    client.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"jsonrpc\":\"2.0\",\"id\":7,            | -32700 | null | parse_error",
        "nonsense                                  | -32700 | null | parse_error",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"id\":8,\"method\":\"echo\"} | -32700 | null | parse_error",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"ID\":8,\"method\":\"echo\"}|-32600|null|invalid_request",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"echo\"} {}       | -32700 | null | parse_error",
        "{\"jsonrpc\":\"2.0\",\"id\":7}            | -32600 | 7    | invalid_request",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":3} | -32600 | 7  | invalid_request",
        "{\"jsonrpc\":\"1.0\",\"id\":\"x\",\"method\":\"echo\"} | -32600 | \"x\" | invalid_request",
        "{\"id\":7,\"method\":\"echo\"}            | -32600 | 7    | invalid_request",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"echo\"} | -32600 | null | invalid_request",
        "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"echo\"} | -32600 | null | invalid_request",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"echo\",\"params\":1}|-32600|7|invalid_request",
        "42                                        | -32600 | null | invalid_request",
        "\"text\"                                  | -32600 | null | invalid_request",
        "[]                                        | -32600 | null | invalid_request",
        "[{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"echo\"}] | -32600 | null | invalid_request",
      })
  void malformedMessageGetsItsErrorAndHarmsNothingInFlight(
      String message, int code, String id, String reason) throws IOException, InterruptedException {
    client.send("{\"jsonrpc\":\"2.0\",\"id\":\"held\",\"method\":\"hold\",\"params\":{}}");
    Stage.next(client.stage.entered);

    client.send(message.strip());
    assertThat(client.next())
        .contains("\"id\":" + id + ",", "\"code\":" + code + ",", "\"reason\":\"" + reason + "\"");

    client.stage.open("gate");
    assertThat(client.next())
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"held\",\"result\":\"gate\"}");
  }

  @Test
  void bytesThatAreNoUtf8GetAParseError() throws IOException {
    client.send(new byte[] {'{', '"', (byte) 0xff, (byte) 0xc0, '"', ':', '1', '}', '\n'});
    assertThat(client.next()).contains("-32700", "\"id\":null", "parse_error");
    assertLives();
  }

  @Test
  void messageOverTheDepthIsToldSo() throws IOException {
    var deep = "[".repeat(17) + "]".repeat(17);
    client.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":" + deep + "}");
    assertThat(client.next()).contains("-32700", "too_deep", "\"id\":null");
    assertLives();
  }

  @Test
  void messageOverTheSizeIsToldSo() throws IOException {
    client.send("{\"x\":\"" + "y".repeat(300_000) + "\"}");
    assertThat(client.next()).contains("-32700", "too_large", "100000 bytes", "\"id\":null");
    assertLives();
  }

  @Test
  void blankLinesAndCarriageReturnsAreNoMessages() throws IOException {
    client.send("\n\r\n  \n".replace("  ", ""));
    client.send("{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"ping\"}\r");
    assertThat(client.next()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"1", "\"1\"", "-7", "123456789012345678901234567890", "1.50", "\"a\\u0041\\n\""})
  void idComesBackExactlyAsItCame(String id) throws IOException {
    client.send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"echo\",\"params\":{}}");
    assertThat(client.next()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{}}");
  }

  @Test
  void numberAndTextOfTheSameDigitsAreTwoIds() throws IOException, InterruptedException {
    hold("1", "number");
    hold("\"1\"", "text");
    client.stage.open("text");
    assertThat(client.next()).contains("\"id\":\"1\",\"result\":\"text\"");
    client.stage.open("number");
    assertThat(client.next()).contains("\"id\":1,\"result\":\"number\"");
  }

  @Test
  void idThatIsInFlightIsRefusedAndFreeAgainAfterwards() throws IOException, InterruptedException {
    hold("1", "gate");
    client.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":{}}");
    assertThat(client.next()).contains("-32600", "\"id\":1", "in flight");
    client.stage.open("gate");
    assertThat(client.next()).contains("\"id\":1,\"result\":\"gate\"");
    client.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":{}}");
    assertThat(client.next()).contains("\"id\":1,\"result\":{}");
  }

  @Test
  void answersComeInTheOrderInWhichTheyAreReady() throws IOException, InterruptedException {
    for (int i = 0; i < 50; i++) {
      hold(String.valueOf(i), "gate" + i);
    }
    for (int i = 49; i >= 0; i--) {
      client.stage.open("gate" + i);
      assertThat(client.next()).contains("\"id\":" + i + ",\"result\":\"gate" + i + "\"");
    }
  }

  @Test
  void cancelledCallIsInterruptedAndNeverAnswered() throws IOException, InterruptedException {
    hold("1", "gate");
    client.send(
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\","
            + "\"params\":{\"requestId\":1,\"reason\":\"changed my mind\"}}");
    assertThat(Stage.next(client.stage.interrupted)).isEqualTo("gate: changed my mind");
    assertLives();
  }

  @Test
  void batchIsRunConcurrentlyAndAnsweredAsOne() throws IOException, InterruptedException {
    client.initialized("2025-03-26");
    client.send(
        """
        [{"jsonrpc":"2.0","id":1,"method":"hold","params":{"gate":"one"}},\
        {"jsonrpc":"2.0","id":2,"method":"hold","params":{"gate":"two"}},\
        {"jsonrpc":"2.0","method":"notifications/custom"},{"id":3},5]\
        """);
    assertThat(List.of(Stage.next(client.stage.entered), Stage.next(client.stage.entered)))
        .containsExactlyInAnyOrder("one", "two");
    assertThat(Stage.next(client.stage.notified)).isEqualTo("notifications/custom");
    client.stage.open("two");
    client.stage.open("one");
    assertThat(client.next())
        .startsWith("[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"one\"},")
        .contains("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"two\"},", "\"id\":3,\"error\"")
        .endsWith("]");
    client.send("[{\"jsonrpc\":\"2.0\",\"method\":\"notifications/custom\"}]");
    assertLives();
    client.send("[]");
    assertThat(client.next()).contains("-32600", "\"id\":null", "1 to 1000");
  }

  @Test
  void batchRightBehindTheHandshakeIsUnderstoodByIt() throws IOException {
    client.send(
        """
        {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-03-26"}}
        [{"jsonrpc":"2.0","id":1,"method":"ping"}]\
        """);
    assertThat(List.of(client.next(), client.next()))
        .contains("[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}]");
  }

  @Test
  void faultOfTheGatewayEndsOneCallOnly() throws IOException {
    client.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"fault\"}");
    assertThat(client.next()).contains("-32603", "\"reason\":\"internal\"", "\"id\":1");
    client.send("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"no/such\"}");
    assertThat(client.next()).contains("-32601", "method_not_found", "no/such");
    client.send("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"server/discover\"}");
    assertThat(client.next()).contains("-32601");
  }

  @Test
  void serversQuestionReachesTheClientAndItsAnswerTheServer() throws IOException {
    client.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ask\"}");
    var question = client.next();
    assertThat(question).contains("roots/list");
    client.send("{\"jsonrpc\":\"2.0\",\"id\":999,\"result\":{\"roots\":\"stray\"}}");
    var id = question.replaceFirst(".*\"id\":(\\d+).*", "$1");
    client.send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"roots\":[]}}");
    assertThat(client.next()).contains("\"id\":1,\"result\":{\"roots\":[]}");
  }

  @Test
  void logBelowTheLevelIsKeptFromTheClient() throws IOException, InterruptedException {
    client.send(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"logging/setLevel\","
            + "\"params\":{\"level\":\"warning\"}}");
    assertThat(client.next()).contains("\"result\"");
    var session = Stage.next(client.stage.sessions);
    session.tell(Logged.at("info"));
    session.tell(Logged.at("error"));
    assertThat(client.next()).contains("\"level\":\"error\"");
    client.send(
        "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"logging/setLevel\",\"params\":{\"level\":5}}");
    assertThat(client.next()).contains("-32602", "debug, info");
  }

  @Test
  void initializeWithoutARevisionIsRefused() throws IOException {
    client.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{}}");
    assertThat(client.next()).contains("-32602", "protocolVersion");
  }

  @Test
  void unknownRevisionIsAnsweredWithTheNewest() throws IOException {
    client.send(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\","
            + "\"params\":{\"protocolVersion\":\"1999-01-01\"}}");
    assertThat(client.next()).contains("\"protocolVersion\":\"2025-11-25\"");
  }

  @Test
  void everyOneOfAThousandRequestsIsAnsweredOnce() throws IOException {
    var sent = IntStream.range(0, 1000).mapToObj(String::valueOf).toList();
    Thread.ofVirtual().start(() -> sent.forEach(this::echo));
    var answered = new ArrayList<String>();
    for (int i = 0; i < 1000; i++) {
      answered.add(client.next().replaceFirst(".*\"id\":(\\d+).*", "$1"));
    }
    assertThat(answered).containsExactlyInAnyOrderElementsOf(sent);
  }

  @Test
  void endOfInputLetsWhatIsInFlightFinish() throws IOException, InterruptedException {
    hold("1", "gate");
    client.hangUp();
    var drain = drain(Duration.ofSeconds(30));
    client.stage.open("gate");
    assertThat(client.next()).contains("\"id\":1,\"result\":\"gate\"");
    drain.join();
    assertThat(client.next()).isNull();
  }

  @Test
  void whatDoesNotFinishInTimeIsAnsweredWithTheReason() throws IOException, InterruptedException {
    hold("1", "gate");
    client.hangUp();
    client.listener.drain(Duration.ofMillis(1));
    assertThat(client.next()).contains("\"id\":1", "-32603", "shutting_down");
    assertThat(client.next()).isNull();
  }

  @Test
  void requestDuringTheDrainIsRefusedAndWhatIsInFlightFinishes()
      throws IOException, InterruptedException {
    hold("1", "gate");
    var drain = drain(Duration.ofSeconds(30));
    String refusal;
    int id = 2;
    do { // until the drain has begun
      client.send("{\"jsonrpc\":\"2.0\",\"id\":" + id++ + ",\"method\":\"ping\"}");
      refusal = client.next();
    } while (refusal.contains("\"result\":{}"));
    assertThat(refusal).contains("shutting_down");
    var again = drain(Duration.ofSeconds(30));
    client.stage.open("gate");
    assertThat(client.next()).contains("\"id\":1,\"result\":\"gate\"");
    drain.join();
    again.join();
  }

  @Test
  void clientThatStopsReadingLosesNothingWhenItReadsAgain() throws IOException {
    int calls = 200;
    for (int i = 0; i < calls; i++) {
      client.send(
          "{\"jsonrpc\":\"2.0\",\"id\":"
              + i
              + ",\"method\":\"big\",\"params\":{\"bytes\":200000}}");
    }
    for (int i = 0; i < calls; i++) {
      assertThat(client.next().length()).isGreaterThan(200_000);
    }
    assertLives();
  }

  private Thread drain(Duration time) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            client.listener.drain(time);
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void hold(String id, String gate) throws IOException, InterruptedException {
    client.send(
        "{\"jsonrpc\":\"2.0\",\"id\":"
            + id
            + ",\"method\":\"hold\",\"params\":{\"gate\":\""
            + gate
            + "\"}}");
    assertThat(Stage.next(client.stage.entered)).isEqualTo(gate);
  }

  private void echo(String id) {
    try {
      client.send(
          ("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"echo\",\"params\":{}}\n")
              .getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void assertLives() throws IOException {
    client.send("{\"jsonrpc\":\"2.0\",\"id\":\"alive\",\"method\":\"ping\"}");
    assertThat(client.next()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"alive\",\"result\":{}}");
  }
}
