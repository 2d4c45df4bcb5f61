package io.watchgate;

import static io.watchgate.GatewayContext.command;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.jsonrpc.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers whose messages are refused: nobody is left waiting for them.
class RefusedMessagesTest {
  /// A server in shell, because a good library does not write what this one writes.
  private static final String SCRIPT =
      """
      answer() { printf '{"jsonrpc":"2.0","id":%s,"result":%s}\\n' "$1" "$2"; }
      while read -r line; do
        id=$(printf '%s' "$line" | sed 's/.*"id":\\([0-9]*\\).*/\\1/')
        case "$line" in
          *'"initialize"'*) answer "$id" '{"protocolVersion":"2025-06-18",\
      "capabilities":{"tools":{}},"serverInfo":{"name":"raw","version":"1"}}' ;;
          *'"ping"'*) answer "$id" '{}' ;;
          *tools/list*) answer "$id" '{"tools":[{"name":"ask","inputSchema":{"type":"object"}},\
      {"name":"repeat","inputSchema":{"type":"object"}}]}' ;;
          *'"repeat"'*) answer "$id" '{"content":[],"content":[]}' ;;
          *'"ask"'*) call=$id; printf '{"jsonrpc":"2.0","method":"elicitation/create",\
      "id":"mine","params":{"mode":"form","mode":"form"}}\\n' ;;
          *'"mine"'*) case "$line" in
              *'-32700'*) answer "$call" '{"content":[{"type":"text","text":"was refused"}]}' ;;
            esac ;;
        esac
      done
      """;

  @Test
  void aServerHearsThatItsRequestWasRefusedAndGoesOn(@TempDir Path directory) throws IOException {
    try (var context = GatewayContext.with(rawServer(directory)).start()) {
      var client = context.client("{\"elicitation\":{}}");
      assertThat(client.text("raw__ask", Json.EMPTY_OBJECT)).isEqualTo("was refused");
    }
  }

  @Test
  void aCallerHearsAtOnceThatItsAnswerWasRefused(@TempDir Path directory) throws IOException {
    try (var context = GatewayContext.with(rawServer(directory)).start()) {
      var client = context.client();
      var answer = client.call("raw__repeat", Json.EMPTY_OBJECT);
      assertThat(answer.errorCode()).isEqualTo(-32003);
      assertThat(answer.errorMessage()).contains("\"raw\"", "duplicate key \"content\"");
    }
  }

  private static GatewayContext.ServerSpec rawServer(Path directory) throws IOException {
    var script = Files.writeString(directory.resolve("server.sh"), SCRIPT);
    return command("raw", List.of("sh", script.toString())).requestTimeout(Duration.ofMinutes(1));
  }
}
