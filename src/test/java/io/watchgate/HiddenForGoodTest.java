package io.watchgate;

import static io.watchgate.GatewayContext.server;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.watchgate.admin.AdminServer;
import io.watchgate.admin.AdminSettings;
import io.watchgate.jsonrpc.Json;
import io.watchgate.testkit.TestClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// A secret that was taken out or held back is nowhere: not at the server, in the answer, in the
/// audit log, in the log at its most talkative, in the metrics or in the status.
@Timeout(60)
class HiddenForGoodTest {
  private static final String PASSWORD = "tR7-vQ2_kW9xLm4z";
  private static final String DATABASE = "postgres://app:" + PASSWORD + "@db.internal/orders";

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Level level = root.getLevel();

  @TempDir private Path directory = Path.of("");

  @BeforeEach
  void listen() {
    log.start();
    root.addAppender(log);
    root.setLevel(Level.TRACE);
  }

  @AfterEach
  void stopListening() {
    root.detachAppender(log);
    root.setLevel(level);
  }

  @ParameterizedTest
  @ValueSource(strings = {"redact", "block"})
  void aSecretThatWasHiddenIsNowhere(String action) throws IOException {
    var audited = directory.resolve("audit.jsonl");
    var plugins =
        "security: {_global: [{handler: secrets, config: {action: "
            + action
            + "}}]}\n"
            + "middleware: {_global: [{handler: call_trace}, {handler: loop_guard}]}\n"
            + "auditing: {_global: [{handler: audit_jsonl, config: {output_file: audit.jsonl}}]}";
    try (var context = GatewayContext.with(server("a")).plugins(directory, plugins).start()) {
      var heard = new StringBuilder();
      speak(context.client(), heard);
      heard.append(told(context));
      assertThat(heard).contains("\"name\":\"secrets\"");
      assertThat(heard.toString()).doesNotContain(PASSWORD);
    }
    assertThat(Files.readString(audited)).contains("\"plugin\":\"secrets\"");
    assertThat(Files.readString(audited)).doesNotContain(PASSWORD);
    assertThat(log.list.stream().map(HiddenForGoodTest::said).collect(Collectors.joining("\n")))
        .doesNotContain(PASSWORD);
  }

  /// Says the secret in every way that a client has.
  private static void speak(TestClient client, StringBuilder heard) {
    var text = Json.object("text", DATABASE);
    var calls =
        List.of(
            client.call("a__echo", text),
            client.call("a__raw", text),
            client.call("a__echo", Json.object(DATABASE, "as a key")),
            client.call("a__error", Json.object("code", -32050, "message", DATABASE)),
            client.call("a__log", Json.object("level", "error", "text", DATABASE)),
            client.request(
                "prompts/get",
                Json.object("name", "a__greet", "arguments", Json.object("who", DATABASE))));
    calls.forEach(answer -> heard.append(answer.toJson()));
  }

  private static String told(GatewayContext context) throws IOException {
    var status = new LiveStatus(context.gateway(), InstantSource.system());
    try (var admin = AdminServer.start(new AdminSettings(true, "127.0.0.1", 0), status)) {
      return Http.get(admin.url() + "/metrics").body()
          + Http.get(admin.url() + "/api/status").body();
    }
  }

  private static String said(ILoggingEvent event) {
    var thrown = event.getThrowableProxy();
    return event.getFormattedMessage() + (thrown == null ? "" : " " + thrown.getMessage());
  }
}
