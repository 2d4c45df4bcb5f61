package io.watchgate.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Timeout(30)
class DemoSessionTest {
  private final List<ObjectNode> sent = new ArrayList<>();
  private final CountDownLatch started = new CountDownLatch(1);

  private final Resource resource = new Resource("demo://one", "one", "text/plain", "1");
  private final DemoSession session = session(true);

  private DemoSession session(boolean changing) {
    ObjectNode schema = Json.literal("{\"type\":\"object\"}");
    var slow = new Tool("slow", "Waits until it is cancelled", schema, schema, this::waitLong);
    var resources = new Resources(() -> List.of(resource), List.of(), changing);
    return new DemoSession(
        new DemoServer("demo", "Nothing to know.", List.of(slow), resources, List.of()), sent::add);
  }

  private ObjectNode waitLong(ToolCall call) throws InterruptedException {
    started.countDown();
    call.pause(Duration.ofMinutes(5));
    return Json.object();
  }

  private JsonNode answer(String method, String params) {
    return answer(session, method, params);
  }

  private JsonNode answer(DemoSession to, String method, String params) {
    to.receive(request(method, params), sent::add, Runnable::run);
    return sent.getLast();
  }

  private static JsonNode request(String method, String params) {
    return Json.read("{\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}");
  }

  private int code(String method, String params) {
    return answer(method, params).at("/error/code").asInt();
  }

  @Test
  void knownRevisionIsEchoedAndAnUnknownOneAnsweredWithTheLatest() {
    assertThat(answer("initialize", "{\"protocolVersion\":\"2024-11-05\"}").toString())
        .contains("\"protocolVersion\":\"2024-11-05\"", "Nothing to know.");
    assertThat(answer("initialize", "{\"protocolVersion\":\"1999-01-01\"}").toString())
        .contains("\"protocolVersion\":\"2025-11-25\"");
  }

  @Test
  void mistakesGetTheCodesOfTheSpecification() {
    assertThat(code("nonsense", "{}")).isEqualTo(-32601);
    assertThat(code("initialize", "{}")).isEqualTo(-32602);
    assertThat(code("tools/call", "{\"name\":\"none\"}")).isEqualTo(-32602);
    assertThat(code("prompts/get", "{\"name\":\"none\"}")).isEqualTo(-32602);
    assertThat(code("resources/read", "{\"uri\":\"demo://two\"}")).isEqualTo(-32002);
    session.receive(Json.read("[]"), sent::add, Runnable::run);
    assertThat(sent.getLast().toString()).contains("-32600", "\"id\":null");
  }

  @Test
  void serverWhoseResourcesStayOffersNoSubscription() {
    DemoSession still = session(false);
    assertThat(answer(still, "initialize", "{\"protocolVersion\":\"2025-11-25\"}").toString())
        .contains("\"subscribe\":false");
    assertThat(answer(still, "resources/subscribe", "{\"uri\":\"demo://one\"}").toString())
        .contains("-32601", "the resources of demo never change");
  }

  @Test
  void subscriptionsOfASessionAreLimited() {
    // A resource for any URI, so that only the limit can refuse.
    var uris = new ArrayList<Resource>();
    var resources = new Resources(() -> uris, List.of(), true);
    var server = new DemoServer("demo", "", List.of(), resources, List.of());
    var many = new DemoSession(server, sent::add);
    for (int i = 0; i < 1000; i++) {
      uris.clear();
      uris.add(new Resource("demo://" + i, "", "text/plain", ""));
      answer(many, "resources/subscribe", "{\"uri\":\"demo://" + i + "\"}");
    }
    assertThat(sent.getLast().has("result")).isTrue();
    assertThat(answer(many, "resources/subscribe", "{\"uri\":\"demo://999\"}").toString())
        .contains("this session has 1000 subscriptions");
  }

  @Test
  void cancelledCallGetsNoAnswer() throws InterruptedException {
    Thread caller = callSlowTool();
    String cancel = "{\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":%d}}";
    session.receive(Json.read(cancel.formatted(77)), sent::add, Runnable::run);
    assertThat(caller.isAlive()).isTrue();
    session.receive(Json.read(cancel.formatted(1)), sent::add, Runnable::run);
    caller.join();
    assertThat(sent).isEmpty();
  }

  @Test
  void closedSessionCancelsItsCalls() throws InterruptedException {
    Thread caller = callSlowTool();
    session.close();
    caller.join();
    assertThat(sent).isEmpty();
  }

  @Test
  void interruptedCallGetsNoAnswerAndStaysInterrupted() throws InterruptedException {
    Thread caller = callSlowTool();
    caller.interrupt();
    caller.join();
    assertThat(sent).isEmpty();
  }

  private Thread callSlowTool() throws InterruptedException {
    JsonNode call = request("tools/call", "{\"name\":\"slow\"}");
    Thread caller = Thread.ofVirtual().start(() -> session.receive(call, sent::add, Runnable::run));
    started.await();
    return caller;
  }
}
