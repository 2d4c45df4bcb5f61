package io.watchgate;

import static io.watchgate.GatewayContext.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Response;
import io.watchgate.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Floods, servers that hang and servers that are slow, through the whole gateway.
class FairnessScenariosTest {
  private static final Json ECHO = Json.object("text", "x");

  @Test
  void oneCallAfterTheOtherGetsThroughAFloodOfAnotherClient() throws InterruptedException {
    try (var context = GatewayContext.with(server("a")).limit(50).start()) {
      var flood = context.client();
      var modest = context.client();
      assertThat(modest.text("a__echo", ECHO)).isEqualTo("x");
      var flooding = new AtomicBoolean(true);
      for (int i = 0; i < 1000; i++) {
        keepCalling(flood, flooding);
      }
      await().until(() -> context.gateway().limit().inFlight() >= 45);
      int answered = 0;
      for (int i = 0; i < 100; i++) {
        if (modest.call("a__echo", ECHO).result().isPresent()) {
          answered++;
        } else {
          Time.REAL.pass(Duration.ofMillis(200)); // as the refusal says
        }
      }
      flooding.set(false);

      assertThat(answered).isGreaterThanOrEqualTo(95);
      await().until(() -> context.inFlight() == 0);
    }
  }

  private static void keepCalling(TestClient client, AtomicBoolean goOn) {
    client
        .start("a__sleep", Json.object("ms", 20))
        .thenRun(() -> {
          if (goOn.get()) {
            keepCalling(client, goOn);
          }
        });
  }

  @Test
  void aServerThatHangsDoesNotTakeTheOthersWithIt() {
    try (var context = GatewayContext.with(server("a"), server("b")).limit(100).start()) {
      var client = context.client();
      assertThat(client.text("b__echo", ECHO)).isEqualTo("x");
      for (int i = 0; i < 150; i++) {
        var _ = client.start("a__hang", Json.EMPTY_OBJECT);
      }
      await().until(() -> context.upstream("a").inFlight() == 100);

      await().until(() -> client.call("b__echo", ECHO).result().isPresent());
      for (int i = 0; i < 50; i++) {
        assertThat(client.text("b__echo", ECHO)).isEqualTo("x");
      }
      var refused = client.call("a__echo", ECHO);
      assertThat(refused.errorCode()).isEqualTo(-32006);
      assertThat(refused.toJson().toString()).contains("\"server\":\"a\"", "retryAfterMs");
    }
  }

  @Test
  void anAdaptiveLimitFollowsWhatItsServerCanDo() {
    try (var context = GatewayContext.with(server("a").limit(12)).adaptive().start()) {
      var client = context.client();
      for (int i = 0; i < 12; i++) {
        assertThat(client.call("a__sleep", sleep(true)).result()).isPresent();
      }
      var limit = context.branch("a").limit();
      var low = new int[1];
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> {
            burst(client, true);
            low[0] = limit.limit() <= 8 ? low[0] + 1 : 0;
            return low[0] == 4; // no probe lasts as long
          });

      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> {
            burst(client, false);
            return limit.limit() == 12;
          });
    }
  }

  private static void burst(TestClient client, boolean alone) {
    var answers = new ArrayList<CompletableFuture<Response>>();
    for (int i = 0; i < 12; i++) {
      answers.add(client.start("a__sleep", sleep(alone)));
    }
    answers.forEach(TestClient::await);
  }

  private static Json sleep(boolean alone) {
    return Json.object("ms", 50, "alone", alone ? "true" : "false");
  }
}
