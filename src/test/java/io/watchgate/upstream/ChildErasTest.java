package io.watchgate.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.everything.EverythingProcess;
import io.watchgate.flow.GatewayClient;
import io.watchgate.mcp.Era;
import io.watchgate.testkit.RecordingSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How the gateway finds out in which era a child process speaks.
@Timeout(90)
class ChildErasTest {
  private static final String INITIALIZE = "\"method\":\"initialize\"";
  private static final String DISCOVER = "\"method\":\"server/discover\"";

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir private Path directory;

  /// A shell script that keeps what it is sent, and answers by method: `initialize`, `discover`,
  /// everything else that has an id.
  private List<String> script(String initialize, String discover, String rest) throws Exception {
    var script = directory.resolve("server.sh");
    Files.writeString(
        script,
        """
        result() { printf '{"jsonrpc":"2.0","id":%%s,"result":%%s}\\n' "$id" "$1"; }
        error() { printf '{"jsonrpc":"2.0","id":%%s,"error":{"code":-32603,"message":"%%s"}}\\n' \
        "$id" "$1"; }
        shake() { result '{"protocolVersion":"2025-11-25","capabilities":{}}'; }
        offer() { result '{"supportedVersions":["2026-07-28"],"capabilities":{}}'; }
        done_() { result '{"content":[{"type":"text","text":"done"}]}'; }
        cd '%s'
        while read -r line; do
          printf '%%s\\n' "$line" >> log
          id=$(printf '%%s' "$line" | sed -n 's/.*"id":\\([0-9]*\\).*/\\1/p')
          case "$line" in
            *'"method":"initialize"'*) %s ;;
            *'"method":"server/discover"'*) %s ;;
            *'"id"'*) %s ;;
          esac
        done
        """
            .formatted(directory, initialize, discover, rest));
    return List.of("sh", script.toString());
  }

  private long count(String part) throws Exception {
    var log = directory.resolve("log");
    return Files.exists(log)
        ? Files.readAllLines(log).stream().filter(line -> line.contains(part)).count()
        : 0;
  }

  @Test
  void childIsShakenHandsWithFirstAndOnlyOnceWhereNobodySpeaksTheNewerEra() throws Exception {
    var command = script("shake", "exit 1", "done_");
    try (var child = RemoteContext.child(command, Duration.ofSeconds(20))) {
      child.upstream().prepare(GatewayClient.INSTANCE);
      assertThat(child.era(GatewayClient.INSTANCE)).isEqualTo(Era.HANDSHAKE);
      assertThat(child.text("x", "{}")).isEqualTo("done");
      assertThat(child.era(GatewayClient.INSTANCE)).isEqualTo(Era.HANDSHAKE);

      assertThat(count(DISCOVER)).isZero();
      assertThat(child.upstream().lastFailure()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit 1", ":", "error 'no such method'"})
  void childThatShookHandsMayExitOrKeepSilentAtADiscovery(String atDiscovery) throws Exception {
    var command = script("shake", atDiscovery, "done_");
    try (var child = RemoteContext.child(command, Duration.ofSeconds(2)).stateless()) {
      assertThat(child.text("x", "{}")).isEqualTo("done");
      assertThat(child.text("x", "{}")).isEqualTo("done");
      await().until(() -> count(DISCOVER) == 1);

      assertThat(child.text("x", "{}")).isEqualTo("done");
      assertThat(child.era(child.client())).isEqualTo(Era.HANDSHAKE);
      assertThat(count(DISCOVER)).isEqualTo(1);
      assertThat(child.upstream().lastFailure()).isEmpty();
      assertThat(child.upstream().restarts()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit 1", ":", "error 'no such method'"})
  void childThatRefusesTheHandshakeIsNamedByThatAndAskedAgain(String atDiscovery) throws Exception {
    var fixed = "if [ -e fixed ]; then shake; else error 'no token'; fi";
    var command = script(fixed, atDiscovery, "done_");
    try (var child = RemoteContext.child(command, Duration.ofSeconds(2))) {
      assertThat(child.text("x", "{}"))
          .isEqualTo("server \"web\" is unavailable: handshake failed: error -32603 no token");

      Files.createFile(directory.resolve("fixed"));
      await().until(() -> child.text("x", "{}").equals("done"));
    }
  }

  @Test
  void childThatIsReplacedByANewerOneIsDiscoveredAtItsRestart() throws Exception {
    var command =
        script(
            "if [ -e newer ]; then error 'no such method'; else shake; fi",
            "if [ -e newer ]; then offer; else exit 1; fi",
            "if [ -e die ]; then rm die; exit 1; else done_; fi");
    try (var child = RemoteContext.child(command, Duration.ofSeconds(20)).stateless()) {
      assertThat(child.text("x", "{}")).isEqualTo("done");
      assertThat(child.era(child.client())).isEqualTo(Era.HANDSHAKE);

      Files.createFile(directory.resolve("newer"));
      Files.createFile(directory.resolve("die"));
      assertThat(child.text("x", "{}")).contains("unavailable");
      await().until(() -> child.text("x", "{}").equals("done"));
      assertThat(child.era(child.client())).isEqualTo(Era.STATELESS);
    }
  }

  @Test
  void childOfTheNewerEraServesClientsOfBothWithOneProcess() throws Exception {
    var command = EverythingProcess.command("--era", "modern");
    try (var child = RemoteContext.child(command, PATIENCE).stateless()) {
      assertThat(child.era(child.client())).isEqualTo(Era.STATELESS);
      assertThat(child.era(new RecordingSession("old"))).isEqualTo(Era.STATELESS);
      assertThat(child.era(GatewayClient.INSTANCE)).isEqualTo(Era.STATELESS);

      assertThat(child.upstream().sessions()).isEqualTo(1);
      assertThat(child.upstream().status().offer().orElseThrow().protocolVersion())
          .isEqualTo("2026-07-28");
    }
  }

  @Test
  void childOfBothErasGetsEachClientInItsOwn() throws Exception {
    var command = EverythingProcess.command("--era", "both");
    try (var child = RemoteContext.child(command, PATIENCE).stateless()) {
      assertThat(child.era(child.client())).isEqualTo(Era.HANDSHAKE);
      await().atMost(PATIENCE).until(() -> child.era(child.client()) == Era.STATELESS);
      assertThat(child.era(new RecordingSession("old"))).isEqualTo(Era.HANDSHAKE);
      assertThat(child.upstream().lastFailure()).isEmpty();
    }
  }

  @Test
  void noProcessIsLeftOfAChildThatWasAskedInBothEras() throws Exception {
    var command = script("echo $$ >> pids; shake", "echo $$ >> pids", "done_");
    try (var child = RemoteContext.child(command, Duration.ofSeconds(1)).stateless()) {
      assertThat(child.text("x", "{}")).isEqualTo("done");
      assertThat(child.text("x", "{}")).isEqualTo("done");
      await().until(() -> count(DISCOVER) == 1);
    }
    var pids = Files.readAllLines(directory.resolve("pids")).stream().map(Long::valueOf).toList();

    assertThat(pids).hasSize(2);
    assertThat(pids).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
    assertThat(count(INITIALIZE)).isEqualTo(1);
  }
}
