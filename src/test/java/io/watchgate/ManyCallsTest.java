package io.watchgate;

import static io.watchgate.GatewayContext.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Response;
import io.watchgate.testkit.TestClient;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// A hundred thousand calls leave nothing behind.
class ManyCallsTest {
  private static final int CALLS = 100_000;
  private static final int AT_ONCE = 200;
  private static final long MAX_GROWTH = 32 << 20;

  @Test
  void aHundredThousandCallsLeaveNothingBehind() {
    long children = ProcessHandle.current().descendants().count();
    try (var context = GatewayContext.with(server("a")).start()) {
      var client = context.client();
      run(client, 5_000);
      long heap = usedHeap();
      long files = openFiles();
      run(client, CALLS);
      assertThat(context.inFlight()).isZero();
      assertThat(openFiles()).isLessThanOrEqualTo(files + 2);
      assertThat(usedHeap()).isLessThan(heap + MAX_GROWTH);
      assertThat(context.gateway().limit().highest()).isLessThanOrEqualTo(AT_ONCE + 1);
    }
    await().until(() -> ProcessHandle.current().descendants().count() <= children);
  }

  private static void run(TestClient client, int calls) {
    var inFlight = new ArrayDeque<CompletableFuture<Response>>();
    for (int i = 0; i < calls; i++) {
      if (inFlight.size() == AT_ONCE) {
        assertThat(TestClient.await(inFlight.remove()).result()).isPresent();
      }
      inFlight.add(client.start("a__echo", Json.object("text", "call " + i)));
    }
    inFlight.forEach(answer -> assertThat(TestClient.await(answer).result()).isPresent());
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /// Counted where the system shows them; elsewhere the check of the heap must do.
  private static long openFiles() {
    var files = Path.of("/proc/self/fd").toFile().list();
    return files == null ? 0 : files.length;
  }
}
