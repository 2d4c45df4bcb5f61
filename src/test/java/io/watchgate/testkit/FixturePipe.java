package io.watchgate.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A fixture server as a child process, spoken to in lines. It knows as little as it can: what it
/// reads is what the server wrote.
final class FixturePipe implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String END = "(the end of stdout)";

  private final Process process;
  private final Writer input;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  FixturePipe(String... flags) throws IOException {
    process = new ProcessBuilder(TestServers.command(flags)).start();
    input = process.outputWriter(StandardCharsets.UTF_8);
    Thread.ofVirtual().start(this::read);
  }

  private void read() {
    var stream = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8);
    try (var reader = new BufferedReader(stream)) {
      reader.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      lines.add("stdout broke: " + e);
    }
    lines.add(END);
  }

  void write(String message) throws IOException {
    input.write(message + "\n");
    input.flush();
  }

  /// Sends a request with empty `params` or with those given as JSON text.
  void request(int id, String method, @Nullable String params) throws IOException {
    String tail = params == null ? "}" : ",\"params\":" + params + "}";
    write("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\"" + tail);
  }

  void call(int id, String tool, String arguments) throws IOException {
    request(id, "tools/call", "{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}");
  }

  /// Shakes hands and returns the server's result.
  JsonNode initialize(String capabilities) throws IOException, InterruptedException {
    request(
        0,
        "initialize",
        "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":"
            + capabilities
            + ",\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}");
    JsonNode result = message().path("result");
    write("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    return result;
  }

  JsonNode message() throws InterruptedException {
    return FixtureJson.read(line());
  }

  String line() throws InterruptedException {
    String line = lines.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (line == null) {
      throw new AssertionError("the server wrote nothing for " + PATIENCE);
    }
    return line;
  }

  boolean isAtEnd() throws InterruptedException {
    return line().equals(END);
  }

  String errors() throws IOException {
    return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  void endInput() throws IOException {
    input.close();
  }

  int exitStatus() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the server is still alive after " + PATIENCE);
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
