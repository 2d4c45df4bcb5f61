package io.watchgate;

import static io.watchgate.GatewayContext.child;
import static io.watchgate.GatewayContext.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.jsonrpc.Json;
import io.watchgate.testkit.TestClient;
import io.watchgate.testkit.TestServers;
import io.watchgate.upstream.UpstreamSettings.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What child processes are given, and how they and all that they started are ended.
class ChildScenariosTest {
  private static final Set<String> MINIMAL = Set.of("PATH", "HOME", "LANG", "TMPDIR", "USER");

  @TempDir Path directory;

  @Test
  void aServerSeesAMinimalEnvironmentAndWhatItIsGiven() {
    var given = new Command(TestServers.command(), Map.of("TOKEN", "x"), false, Path.of(""));
    try (var context = GatewayContext.with(child("a", given)).start()) {
      var names = names(context.client());
      assertThat(names).contains("TOKEN", "PATH");
      names.remove("TOKEN");
      assertThat(names).isSubsetOf(MINIMAL);
    }
  }

  @Test
  void aServerInheritsTheEnvironmentAndADirectoryWhenToldTo() throws IOException {
    var given = new Command(TestServers.command(), Map.of("TOKEN", "x"), true, directory);
    try (var context = GatewayContext.with(child("a", given)).start()) {
      var client = context.client();
      assertThat(names(client)).contains("TOKEN").containsAll(System.getenv().keySet());
      assertThat(client.structured("a__env", "directory"))
          .isEqualTo("\"" + directory.toRealPath() + "\"");
    }
  }

  @Test
  void theEndOfItsInputIsEnoughForAServerThatListensToIt() throws IOException {
    var log = directory.resolve("log");
    var polite =
        """
        trap 'echo terminated >> %1$s; exit' TERM
        %2$s
        echo ready >> %1$s
        while read -r line; do :; done
        echo 'end of input' >> %1$s
        """
            .formatted(log, Scripts.SHAKE_HANDS);
    try (var context = GatewayContext.with(command("a", List.of("sh", "-c", polite))).start()) {
      var _ = context.client();
      await().until(() -> Files.exists(log));
    }
    assertThat(Files.readAllLines(log)).containsExactly("ready", "end of input");
  }

  @Test
  void aServerThatIgnoresEverythingIsKilledInTime() {
    var before = descendants();
    var context = GatewayContext.with(command("a", TestServers.command("--stubborn"))).start();
    assertThat(context.client().text("a__echo", Json.object("text", "x"))).isEqualTo("x");
    long started = System.nanoTime();
    context.close();
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(8));
    await().untilAsserted(() -> assertThat(descendants()).isSubsetOf(before));
  }

  /// The grandchild holds the server's output open, so that its end is no sign of anything.
  @Test
  void aServerKilledMidCallIsMissedThoughAGrandchildHoldsItsOutput() {
    var before = descendants();
    var words = new ArrayList<>(List.of("sh", "-c", "sleep 1000 & exec \"$@\"", "sh"));
    words.addAll(TestServers.command());
    try (var context = GatewayContext.with(command("a", words)).start()) {
      var client = context.client();
      long pid = Long.parseLong(client.structured("a__count", "pid"));
      var doomed = client.start("a__hang", Json.EMPTY_OBJECT);
      client.awaitCalls("a__count", 2);
      long killed = System.nanoTime();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      var failure = TestClient.await(doomed);
      assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofMillis(500));
      assertThat(failure.errorMessage()).contains("\"a\"", "KILL");
    }
    await().untilAsserted(() -> assertThat(descendants()).isSubsetOf(before));
  }

  private static Set<String> names(TestClient client) {
    return Json.trusted(client.structured("a__env", "names")).elements().stream()
        .map(Json::text)
        .collect(Collectors.toSet());
  }

  private static List<Long> descendants() {
    return ProcessHandle.current().descendants().map(ProcessHandle::pid).toList();
  }
}
