package io.watchgate;

import static io.watchgate.GatewayContext.server;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.mcp.Method;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Exchange;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// What a gateway that really runs writes into its log.
class LogScenariosTest {
  private static final String SECRET = "s3cr3t-of-ours";
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  @TempDir private Path directory = Path.of("");

  /// Has a gateway serve one call of a tool at the most talkative level, and gives its log.
  private String log(String server, String format) throws IOException, InterruptedException {
    var log = directory.resolve("gateway.log");
    var config =
        Files.writeString(
            directory.resolve("watchgate.yaml"),
            """
            proxy:
              timeouts: {connection_timeout: 10s}
              upstreams:
                - {name: odd, restart: {max_attempts: 1, backoff: 10ms}, %s}
            logging: {level: TRACE, handlers: [file], file_path: %s, format: %s}
            """
                .formatted(server, log, format));
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run",
                "-c",
                config.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    var in = process.getOutputStream();
    try (var out = process.inputReader(StandardCharsets.UTF_8)) {
      for (var request : List.of(hello(), call())) {
        in.write(request.toBytes());
        in.write('\n');
        in.flush();
        assertThat(out.readLine()).contains("jsonrpc");
      }
      in.close();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(log);
  }

  private static Request hello() {
    var info = Json.object("name", "test", "version", "1");
    return Request.of(
        RequestId.of(1),
        Method.INITIALIZE,
        Json.object(
            "protocolVersion",
            "2025-11-25",
            "capabilities",
            Json.EMPTY_OBJECT,
            "clientInfo",
            info));
  }

  private static Request call() {
    var meta = Json.object("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01");
    return Request.of(
        RequestId.of(2), Method.TOOLS_CALL, Json.object("name", "a__echo", "_meta", meta));
  }

  private static String dying(String words) {
    return "command: [sh, -c, \"printf '" + words + "' >&2; exit 7\"]";
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "json"})
  void whatAServerSaysAsItDiesCannotPretendToBeALine(String format) throws Exception {
    var log =
        log(dying("\\\\033[31mred\\\\n2026-01-01T00:00:00.000Z INFO  all is well\\\\n"), format);

    assertThat(log).contains("red", "all is well").doesNotContain("\u001b");
    assertThat(log.lines()).noneMatch(line -> line.startsWith("2026-01-01T"));
    assertThat(log.lines())
        .allMatch(line ->
            format.equals("json")
                ? line.startsWith("{\"time\":\"")
                : line.matches("\\d{4}-\\d\\d-\\d\\dT\\S+Z [A-Z]+ +\\S+ - .*|  .*"));
  }

  @Test
  void linesOfACallHaveItsIds() {
    var lines = new CopyOnWriteArrayList<String>();
    var appender =
        new AppenderBase<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent event) {
            lines.add(new String(new LogLines(true).encode(event), StandardCharsets.UTF_8));
          }
        };
    var logger = (Logger) LoggerFactory.getLogger("io.watchgate.hosting.Chain");
    appender.start();
    logger.addAppender(appender);
    try (var context = GatewayContext.with(server("a")).plugin("broken", new Broken()).start()) {
      var _ =
          new LocalClient(context.gateway().handler(), _ -> {})
              .request(Method.TOOLS_CALL, call().field(Field.PARAMS).orElseThrow());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      logger.detachAppender(appender);
    }

    assertThat(lines)
        .isNotEmpty()
        .allMatch(line -> line.contains("\"request_id\":\""))
        .allMatch(line -> line.contains("\"trace_id\":\"" + TRACE + "\""));
  }

  /// A plugin that cannot judge calls.
  private static final class Broken implements Plugin {
    @Override
    public Verdict onRequest(Exchange exchange, Content params) {
      if (exchange.method().equals(Method.TOOLS_CALL)) {
        throw new IllegalStateException("on purpose");
      }
      return Verdict.PASS;
    }
  }

  @Test
  void secretsOfTheConfigurationAreInNoLineWhateverTheLevel() throws Exception {
    var server =
        "url: \"http://127.0.0.1:1/mcp?key=%s\", headers: {Authorization: \"Bearer %s\"}"
            .formatted(SECRET, SECRET);

    assertThat(log(server, "text")).contains("odd").doesNotContain(SECRET);
    assertThat(log("env: {KEY: %s}, %s".formatted(SECRET, dying("no")), "text"))
        .doesNotContain(SECRET);
  }
}
