package io.watchgate.downstream;

import static io.watchgate.downstream.HttpServer.ACCEPT;
import static io.watchgate.downstream.HttpServer.JSON;
import static io.watchgate.downstream.Stateless.VERSION;
import static io.watchgate.downstream.Stateless.post;
import static io.watchgate.downstream.Stateless.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.testkit.RawHttp;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class StatelessHeadersTest {
  private HttpServer server;
  private RawHttp http;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    server = new HttpServer();
    http = server.connect();
  }

  @AfterEach
  void stop() throws IOException {
    http.close();
    server.close();
  }

  @Test
  void headerOfAnotherRevisionThanTheBodysIsRefused() throws IOException {
    var body = request(7, "echo", "");
    assertMismatch(http.request("POST", "/mcp", body, JSON, ACCEPT, "Mcp-Method: echo"), "missing");
    assertMismatch(
        http.request("POST", "/mcp", body, JSON, ACCEPT, "Mcp-Method: echo", old("2025-11-25")),
        "2025-11-25");
    assertMismatch(post(http, body, "echo", VERSION), "2 times");
    assertMismatch(post(http, body, "echo", old("2025-11-25")), "2 times");
  }

  private static String old(String version) {
    return "MCP-Protocol-Version: " + version;
  }

  private static void assertMismatch(RawHttp asked, String why) throws IOException {
    var answer = asked.read();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("\"id\":7,", "-32020", "header_mismatch", why);
  }

  @Test
  void methodHeaderMustSayTheMethod() throws IOException {
    var body = request(7, "echo", "");
    assertMismatch(http.request("POST", "/mcp", body, JSON, ACCEPT, VERSION), "missing");
    assertMismatch(post(http, body, "other"), "\\\"other\\\"");
    assertMismatch(post(http, body, "Echo"), "\\\"Echo\\\"");
    assertMismatch(post(http, body, "echo", "mcp-method: echo"), "2 times");
    assertThat(post(http, body, "   echo \t ").read().status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "tools/call     | \"name\":\"a\",   | Mcp-Name: a",
        "tools/call     | \"name\":\"a\",   | mcp-name:    a  ",
        "tools/call     | \"name\":\"a\",   | Mcp-Name: =?base64?YQ==?=",
        "tools/call     | \"name\":\"grün\",| Mcp-Name: =?base64?Z3LDvG4=?=",
        "tools/call     | \"name\":\"\",    | Mcp-Name:",
        "tools/call     | \"name\":\"=?BASE64?YQ==?=\",| Mcp-Name: =?BASE64?YQ==?=",
        "resources/read | \"uri\":\"x:y\",  | Mcp-Name: x:y",
        "tools/call     | \"name\":3,       | X: y",
        "echo           | \"name\":\"a\",   | X: y",
        "echo           | \"name\":\"a\",   | Mcp-Name: b",
      })
  void nameHeaderThatSaysTheNameIsGood(String method, String member, String header)
      throws IOException {
    var answer = post(http, request(7, method, member), method, header).read();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("\"result\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "tools/call     | \"name\":\"a\",   | X: y                          | missing",
        "tools/call     | \"name\":\"a\",   | Mcp-Name: b                   | body says",
        "tools/call     | \"name\":\"a\",   | Mcp-Name: A                   | body says",
        "tools/call     | \"name\":\"a\",   | Mcp-Name: =?base64?YQ=?=      | no Base64",
        "tools/call     | \"name\":\"a\",   | Mcp-Name: =?base64?YQ?=       | no Base64",
        "tools/call     | \"name\":\"a\",   | Mcp-Name: =?base64?YR==?=     | no Base64",
        "tools/call     | \"name\":\"a\",   | Mcp-Name: =?base64?Y_==?=     | no Base64",
        "tools/call     | \"name\":\"a\",   | Mcp-Name: =?base64?/w==?=     | no Base64",
        "tools/call     | \"name\":\"a\",   | Mcp-Name: =?BASE64?YQ==?=     | body says",
        "tools/call     | \"name\":\"ü\",   | Mcp-Name: ü                   | must be written",
        "tools/call     | X                 | Mcp-Name: a                   | has no name",
        "prompts/get    | \"name\":\"a\",   | Mcp-Name: b                   | body says",
        "resources/read | \"uri\":\"x:y\",  | Mcp-Name: x:z                 | body says",
        "tasks/get      | \"taskId\":\"1\", | Mcp-Name: 2                   | body says",
        "tasks/update   | \"taskId\":\"1\", | X: y                          | missing",
        "tasks/cancel   | \"taskId\":\"1\", | Mcp-Name: 2                   | body says",
      })
  void nameHeaderThatSaysAnotherNameIsRefused(
      String method, String member, String header, String why) throws IOException {
    var members = member.equals("X") ? "" : member;
    assertMismatch(post(http, request(7, method, members), method, header), why);
  }

  @Test
  void nameHeaderThatIsThereTwiceIsRefused() throws IOException {
    var body = request(7, "tools/call", "\"name\":\"a\",");
    assertMismatch(post(http, body, "tools/call", "Mcp-Name: a", "mcp-name: a"), "2 times");
    assertMismatch(post(http, request(7, "echo", ""), "echo", "Mcp-Name: a", "Mcp-Name: a"), "2");
  }

  @Test
  void handshakeUnderTheHeaderOfTheOtherEraIsRefused() throws IOException {
    var body = HttpServer.initialize("2025-11-25").replace("\"id\":0", "\"id\":7");
    assertMismatch(post(http, body, "initialize"), "initialize");
    assertThat(server.listener.sessions()).isZero();
  }

  @Test
  void parameterHeadersComeWithTheCall() throws IOException {
    var body = request(7, "headers", "");
    assertThat(
            post(http, body, "headers", "Mcp-Param-Region: us", "mcp-param-CITY: =?base64?YQ==?=")
                .read()
                .body())
        .contains("\"Optional[{city==?base64?YQ==?=, region=us}]\"");
    assertThat(post(http, body, "headers").read().body()).contains("\"Optional[{}]\"");
    assertMismatch(post(http, body, "headers", "Mcp-Param-A: 1", "mcp-param-a: 1"), "once");
    var many = java.util.stream.IntStream.range(0, 101).mapToObj(i -> "Mcp-Param-" + i + ": x");
    assertMismatch(post(http, body, "headers", many.toArray(String[]::new)), "100");
  }
}
