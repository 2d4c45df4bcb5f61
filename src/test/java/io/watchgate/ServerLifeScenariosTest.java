package io.watchgate;

import static io.watchgate.GatewayContext.command;
import static io.watchgate.GatewayContext.remote;
import static io.watchgate.GatewayContext.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.jsonrpc.Json;
import io.watchgate.testkit.FixtureHttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers from their handshake to their end and back again, behind the whole gateway.
class ServerLifeScenariosTest {
  private static final int RESTARTS = 2;
  private static final Duration BACKOFF = Duration.ofMillis(60);

  @TempDir Path directory;

  @Test
  void aServerThatIsMuteAtItsHandshakeIsGivenUpAfterTheConnectionTimeOut() {
    var mute = server("a", "--mute").connectionTimeout(Duration.ofMillis(400));
    try (var context = GatewayContext.with(mute, server("b")).start()) {
      var client = context.client();
      var refused = client.call("a__echo", Json.object("text", "x"));
      assertThat(refused.errorCode()).isEqualTo(-32003);
      assertThat(refused.errorMessage()).contains("\"a\"", "handshake", "400 ms");
      assertThat(client.text("b__echo", Json.object("text", "fine"))).isEqualTo("fine");
    }
  }

  @Test
  void aServerThatCrashesAtItsStartIsTriedAFewTimesAndThenOnlyForCalls() {
    var crashing = script("echo cannot open the database >&2; exit 7");
    try (var context = GatewayContext.with(crashing).start()) {
      long began = System.nanoTime();
      var client = context.client();
      await().until(() -> starts() == 1 + RESTARTS);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(BACKOFF.plus(BACKOFF));
      assertThatNothingStarts(1 + RESTARTS);
      var refused = client.call("a__echo", Json.object("text", "x"));
      assertThat(refused.errorMessage()).contains("\"a\"", "status 7: cannot open the database");
      assertThatNothingStarts(2 + RESTARTS);
    }
  }

  @Test
  void aServerThatCrashesAfterEveryHandshakeDoesNotCrashForever() {
    try (var context = GatewayContext.with(script(Scripts.SHAKE_HANDS + "exit 3")).start()) {
      var _ = context.client();
      await().until(() -> starts() == 1 + RESTARTS);
      assertThatNothingStarts(1 + RESTARTS);
      assertThat(context.upstream("a").lastFailure().orElseThrow().cause())
          .contains("exited with status 3");
    }
  }

  @Test
  void aProgramThatDoesNotExistIsNamed() {
    try (var context = GatewayContext.with(command("a", List.of("no-such-program"))).start()) {
      var refused = context.client().call("a__echo", Json.object("text", "x"));
      assertThat(refused.errorCode()).isEqualTo(-32003);
      assertThat(refused.errorMessage())
          .contains("\"a\"", "\"no-such-program\"", "no such program");
    }
  }

  @Test
  void theLogLevelSurvivesARestart() {
    try (var context = GatewayContext.with(server("a")).start()) {
      var client = context.client();
      var pid = Long.parseLong(client.structured("a__count", "pid"));
      var level = client.request("logging/setLevel", Json.object("level", "error"));
      assertThat(level.result()).isPresent();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      await().until(() -> context.upstream("a").restarts() == 1);
      var info = Json.object("level", "info", "text", "x");
      assertThat(client.text("a__log", info)).isEqualTo("below the level");
      assertThat(client.text("a__log", Json.object("level", "error", "text", "x")))
          .isEqualTo("logged");
      var _ = client.awaitNotification("notifications/message");
    }
  }

  @Test
  void everyClientHasAProcessOfItsOwnUnlessTheServerIsShared() {
    try (var context = GatewayContext.with(server("own"), server("one").shared()).start()) {
      var clients = List.of(context.client(), context.client("{\"roots\":{}}"));
      var own = clients.stream().map(client -> client.structured("own__count", "pid")).toList();
      var shared = clients.stream().map(client -> client.structured("one__count", "pid")).toList();
      assertThat(own).doesNotHaveDuplicates();
      assertThat(shared.getFirst()).isEqualTo(shared.getLast());
      assertThat(clients.getFirst().structured("one__count", "calls")).isEqualTo("3");
    }
  }

  @Test
  void aProcessEndsWithItsClientAndWhatItWasDoing() {
    try (var context = GatewayContext.with(server("a")).start()) {
      var client = context.client("{\"roots\":{}}");
      var pid = Long.parseLong(client.structured("a__count", "pid"));
      var _ = client.start("a__hang", Json.EMPTY_OBJECT);
      await().until(() -> context.upstream("a").inFlight() == 1);
      client.close();
      await().until(() -> ProcessHandle.of(pid).isEmpty());
      assertThat(context.inFlight()).isZero();
    }
  }

  @Test
  void aRemoteServerThatComesBackIsHeardAgain() throws IOException {
    try (var first = FixtureHttpServer.start("--name", "a");
        var context = GatewayContext.with(remote("a", first.uri()).restart(3, BACKOFF)).start()) {
      var client = context.client();
      assertThat(client.request("tools/list", Json.EMPTY_OBJECT).result()).isPresent();
      assertThat(client.call("a__die", Json.EMPTY_OBJECT).errorCode()).isEqualTo(-32003);
      try (var _ = FixtureHttpServer.startOn(first.uri().getPort(), "--tools", "1")) {
        var _ = client.awaitNotification("notifications/tools/list_changed");
        assertThat(client.text("a__extra_1", Json.EMPTY_OBJECT)).isEqualTo("extra_1");
        client.notifications().clear();
        assertThat(client.text("a__add_tool", Json.object("name", "more"))).isEqualTo("added");
        var _ = client.awaitNotification("notifications/tools/list_changed");
        var list = client.request("tools/list", Json.EMPTY_OBJECT);
        assertThat(list.toJson().toString()).contains("\"a__more\"");
      }
    }
  }

  /// A shell script as a server, which counts how often it was started.
  private GatewayContext.ServerSpec script(String body) {
    var counting = "echo started >> " + log() + "\n" + body;
    return command("a", List.of("sh", "-c", counting)).restart(RESTARTS, BACKOFF);
  }

  private Path log() {
    return directory.resolve("starts");
  }

  private long starts() throws IOException {
    if (!Files.exists(log())) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(log())) {
      return lines.count();
    }
  }

  private void assertThatNothingStarts(long before) {
    await().during(BACKOFF.multipliedBy(10)).until(() -> starts() == before);
  }
}
