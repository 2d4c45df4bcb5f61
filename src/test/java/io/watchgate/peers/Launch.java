package io.watchgate.peers;

import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpClientTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Starts gateways and servers as child processes of this Java, on this class path.
final class Launch {

  private static final Pattern GATEWAY_LISTENS = Pattern.compile("listening on (http://\\S+)/mcp");
  private static final long SECONDS_TO_LISTEN = 30;
  private static final long SECONDS_TO_END = 15;

  private Launch() {}

  /// The command of a class of this class path; options make a short life start sooner.
  static List<String> java(Class<?> main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  static List<String> join(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  /// A client's transport to a child process.
  static McpClientTransport stdio(List<String> command, Map<String, String> environment) {
    ServerParameters parameters =
        ServerParameters.builder(command.getFirst())
            .args(command.subList(1, command.size()))
            .env(environment)
            .build();
    var transport = new StdioClientTransport(parameters, McpJsonDefaults.getMapper());
    transport.setStdErrorHandler(line -> {});
    return transport;
  }

  /// A client's transport to `/mcp` of what listens on this address.
  static McpClientTransport http(String base) {
    return HttpClientStreamableHttpTransport.builder(base).endpoint("/mcp").build();
  }

  /// Writes a configuration with these upstreams.
  static Path configuration(Path directory, Map<String, Upstream> upstreams) {
    StringBuilder yaml = new StringBuilder("proxy:\n  http: {port: 0}\n  upstreams:\n");
    upstreams.forEach((name, upstream) -> {
      yaml.append("    - name: ").append(name).append('\n');
      upstream.yaml().forEach(line -> yaml.append("      ").append(line).append('\n'));
    });
    try {
      return Files.writeString(directory.resolve("watchgate.yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A YAML text in double quotes.
  static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /// A child process that listens on `base`.
  record Listening(Process process, String base) implements AutoCloseable {
    @Override
    public void close() {
      process.destroy();
      try {
        if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Starts a gateway over HTTP and waits until it says where it listens.
  static Listening gateway(List<String> command) {
    Process process = start(new ProcessBuilder(command));
    return new Listening(process, waitFor(process, GATEWAY_LISTENS).group(1));
  }

  /// Starts a server that listens on a port of loopback which is told in `PORT`.
  static Listening server(List<String> command, Pattern ready) {
    String port = String.valueOf(freePort());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("PORT", port);
    Process process = start(builder);
    waitFor(process, ready);
    return new Listening(process, "http://127.0.0.1:" + port);
  }

  private static int freePort() {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MatchResult waitFor(Process process, Pattern line) {
    CompletableFuture<MatchResult> found = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> readLog(process, line, found));
    try {
      return found.get(SECONDS_TO_LISTEN, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new AssertionError("nothing like " + line + " from process " + process.pid(), e);
    }
  }

  // Reads on after the line, or the process would wait for room in the pipe.
  private static void readLog(
      Process process, Pattern wanted, CompletableFuture<MatchResult> found) {
    List<String> log = new ArrayList<>();
    try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        log.add(line);
        Matcher matcher = wanted.matcher(line);
        if (matcher.find()) {
          found.complete(matcher.toMatchResult());
        }
      }
      found.completeExceptionally(new AssertionError("it ended: " + log));
    } catch (IOException e) {
      found.completeExceptionally(e);
    }
  }
}
