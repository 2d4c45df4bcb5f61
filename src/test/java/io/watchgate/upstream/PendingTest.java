package io.watchgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PendingTest {
  @Test
  void anAnswerThatIsReadAfterAStandstillIsOne() throws Exception {
    var pending = pending(Duration.ofSeconds(-5));
    var answer = Response.success(RequestId.of(1), Json.EMPTY_OBJECT);
    var reader = CompletableFuture.runAsync(() -> pending.complete(answer));
    assertThat(pending.await()).isEqualTo(answer);
    reader.join();
  }

  @Test
  void aStandstillPutsTheTimeOutOffOnce() {
    var pending = pending(Duration.ofSeconds(-5));
    assertThat(pending.remainingNanos()).isPositive();
    assertThatThrownBy(pending::await).isInstanceOf(Rejection.class);
    assertThat(pending.remainingNanos()).isNotPositive();
    assertThatThrownBy(pending::await).isInstanceOf(Rejection.class);
  }

  @Test
  void aTimeThatIsJustOverIsOver() {
    assertThat(pending(Duration.ofMillis(-1)).remainingNanos()).isNegative();
  }

  @Test
  void whileTheServerWaitsForAClientTheCallIsLookedAtAgain() {
    var pending = pending(Duration.ofSeconds(5), () -> true);
    assertThat(pending.remainingNanos()).isEqualTo(Duration.ofSeconds(5).toNanos());
  }

  /// A request that heard nothing for longer than it may.
  private static Pending pending(Duration silence) {
    return pending(silence, () -> false);
  }

  private static Pending pending(Duration silence, BooleanSupplier paused) {
    return new Pending(
        1,
        "server",
        GatewayClient.INSTANCE,
        Request.of(RequestId.of(1), "tools/call", Json.EMPTY_OBJECT),
        Map.of(),
        new Pending.Timing(Time.REAL, silence, Deadline.NEVER, paused));
  }
}
