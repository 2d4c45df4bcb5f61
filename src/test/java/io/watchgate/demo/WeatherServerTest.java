package io.watchgate.demo;

import static io.watchgate.demo.WeatherClient.body;
import static io.watchgate.demo.WeatherClient.reader;
import static io.watchgate.demo.WeatherClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(30)
class WeatherServerTest {
  private static final String OSLO_TO_LIMA =
      "{\"name\":\"travel_plan\",\"arguments\":{\"from\":\"Oslo\",\"to\":\"Lima\"}";

  private static final String CANCEL =
      """
      {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}\
      """;

  private final WeatherServer server = WeatherServer.start(Duration.ofMillis(1));
  private final WeatherClient client = new WeatherClient(server);

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void forecastIsTheSameEachTimeAndHasTheDaysAskedFor() throws IOException {
    assertThat(client.initialize()).contains("\"name\":\"weather\"");
    JsonNode first = client.call("forecast", "{\"city\":\"oslo\",\"days\":5}");
    assertThat(first.at("/structuredContent/city").asString()).isEqualTo("Oslo");
    assertThat(first.at("/structuredContent/days")).hasSize(5);
    assertThat(client.call("forecast", "{\"city\":\"Oslo\",\"days\":5}")).isEqualTo(first);
    JsonNode usual = client.call("forecast", "{\"city\":\"Lima\"}");
    assertThat(usual.at("/structuredContent/days")).hasSize(3);
  }

  @Test
  void failedCallsSayWhatWouldWork() throws IOException {
    client.initialize();
    assertThat(client.call("forecast", "{\"city\":\"Atlantis\"}").toString())
        .contains("\"isError\":true", "Known cities: Berlin, Cairo");
    assertThat(client.call("forecast", "{\"city\":\"Oslo\",\"days\":99}").toString())
        .contains("a whole number from 1 to 14, not 99");
    assertThat(client.call("fail_on_purpose", "{}").toString()).contains("fails on purpose");
  }

  @Test
  void travelPlanReportsItsProgressOnAStream() throws IOException {
    client.initialize();
    String params = OSLO_TO_LIMA + ",\"_meta\":{\"progressToken\":\"t\"}}";
    HttpURLConnection answer = client.post(request("tools/call", params));
    assertThat(answer.getContentType()).isEqualTo("text/event-stream");
    String events = body(answer);
    assertThat(events.split("notifications/progress", -1)).hasSize(5);
    assertThat(events).contains("\"progressToken\":\"t\"", "\"id\":1", "leave_on_day");
  }

  @Test
  void callWithoutATokenIsAnsweredWithJson() throws IOException {
    client.initialize();
    HttpURLConnection answer = client.post(request("tools/call", OSLO_TO_LIMA + "}"));
    assertThat(answer.getContentType()).isEqualTo("application/json");
    assertThat(body(answer)).contains("leave_on_day");
  }

  @Test
  void resourcesAndPromptsAreServed() throws IOException {
    client.initialize();
    assertThat(body(client.post(request("tools/list", "{}")))).contains("travel_plan");
    assertThat(body(client.post(request("resources/read", "{\"uri\":\"weather://cities\"}"))))
        .contains("Nairobi");
    assertThat(body(client.post(request("prompts/get", "{\"name\":\"packing_list\"}"))))
        .contains("my next trip");
    String toOslo = "{\"name\":\"packing_list\",\"arguments\":{\"city\":\"Oslo\"}}";
    assertThat(body(client.post(request("prompts/get", toOslo)))).contains("three days in Oslo");
  }

  @Test
  void sessionIsNeededAndEndsWithDelete() throws IOException {
    assertThat(ping()).isEqualTo(400);
    client.initialize();
    String initialized = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
    assertThat(client.post(initialized).getResponseCode()).isEqualTo(202);
    assertThat(ping()).isEqualTo(200);
    assertThat(client.open("DELETE").getResponseCode()).isEqualTo(200);
    assertThat(client.open("DELETE").getResponseCode()).isEqualTo(404);
    assertThat(ping()).isEqualTo(404);
  }

  @Test
  void oldestSessionGivesWayToTheThousandAndFirst() throws IOException {
    client.initialize();
    String oldest = client.session();
    for (int i = 0; i < 1000; i++) {
      client.initialize();
    }
    assertThat(ping()).isEqualTo(200);
    client.use(oldest);
    assertThat(ping()).isEqualTo(404);
  }

  private int ping() throws IOException {
    return client.post(request("ping", "{}")).getResponseCode();
  }

  @Test
  void badRequestsGetTheStatusTheyDeserve() throws IOException {
    assertThat(client.open("GET").getResponseCode()).isEqualTo(405);
    assertThat(client.post("{").getResponseCode()).isEqualTo(400);
    assertThat(client.post(" ".repeat((1 << 20) + 1)).getResponseCode()).isEqualTo(413);
    assertThat(client.post("{}", "text/plain").getResponseCode()).isEqualTo(415);
  }

  @Test
  void requestsFromTheWebAreRefused() throws IOException {
    String evilPage = "Host: 127.0.0.1:%d\r\nOrigin: http://evil.example";
    assertThat(client.statusLine(evilPage)).startsWith("HTTP/1.1 403");
    assertThat(client.statusLine("Host: evil.example:%d")).startsWith("HTTP/1.1 403");
    String localPage = "Host: localhost:%d\r\nOrigin: http://localhost:3000";
    assertThat(client.statusLine(localPage)).startsWith("HTTP/1.1 405");
  }

  @Test
  void cancelledCallEndsItsStreamWithoutAnAnswer() throws IOException {
    try (var slow = WeatherServer.start(Duration.ofSeconds(1))) {
      var slowClient = new WeatherClient(slow);
      slowClient.initialize();
      String params = OSLO_TO_LIMA + ",\"_meta\":{\"progressToken\":1}}";
      try (var events = reader(slowClient.post(request("tools/call", params)))) {
        assertThat(events.readLine()).isEqualTo("event: message");
        assertThat(slowClient.post(CANCEL).getResponseCode()).isEqualTo(202);
        assertThat(events.lines()).noneMatch(line -> line.contains("\"id\":1"));
      }
    }
  }

  @Test
  void cancelledCallThatSaidNothingLeavesAnEmptyStream() throws Exception {
    try (var slow = WeatherServer.start(Duration.ofMinutes(5));
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var slowClient = new WeatherClient(slow);
      slowClient.initialize();
      String call = request("tools/call", OSLO_TO_LIMA + "}");
      Future<String> waiting = executor.submit(() -> body(slowClient.post(call)));
      // Only the server knows when it has read the call, so it is told until it has.
      await().until(() -> slowClient.post(CANCEL).getResponseCode() == 202 && waiting.isDone());
      assertThat(waiting.get()).isEmpty();
    }
  }
}
