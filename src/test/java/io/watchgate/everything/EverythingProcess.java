package io.watchgate.everything;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// An [EverythingServer] as a process of its own. Every wait ends after 30 s.
public final class EverythingProcess implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 30;
  private static final String END = "";

  private final Process process;
  private final BufferedWriter in;
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private EverythingProcess(Process process) {
    this.process = process;
    this.in = process.outputWriter(StandardCharsets.UTF_8);
    Thread.ofVirtual().start(this::read);
  }

  /// Starts a server with options, as [EverythingServer] takes them.
  public static EverythingProcess start(String... options) throws IOException {
    var builder = new ProcessBuilder(command(options));
    return new EverythingProcess(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /// The command line of a server, on the JVM and class path of this test.
  public static List<String> command(String... options) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(EverythingServer.class.getName());
    command.addAll(List.of(options));
    return List.copyOf(command);
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      reader.lines().forEach(lines::add);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("cannot close a pipe", e);
    } finally {
      lines.add(END);
    }
  }

  /// Where a server over HTTP listens; to be asked once.
  public URI uri() throws InterruptedException {
    return URI.create(line().replace("listening on ", ""));
  }

  void send(String message) throws IOException {
    in.write(message.replace("\n", "") + "\n");
    in.flush();
  }

  JsonNode next() throws InterruptedException {
    return Tree.read(line());
  }

  private String line() throws InterruptedException {
    var line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (line == null || line.equals(END)) {
      throw new AssertionError("the server says nothing");
    }
    return line;
  }

  /// Ends stdin and waits for the process to end.
  int exitCode() throws IOException, InterruptedException {
    in.close();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the server does not end");
    }
    return process.exitValue();
  }

  /// Asks the process to end.
  void terminate() {
    process.destroy();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
