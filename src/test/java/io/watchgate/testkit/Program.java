package io.watchgate.testkit;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The whole program as a process of its own, on the JVM and class path of this test. Its output is
/// read all the time; every wait ends after 30 s.
public final class Program implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;
  private static final String END = "\u0000end";

  private final Process process;
  private final BufferedWriter in;
  private final LinkedBlockingQueue<String> out = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<String> err = new LinkedBlockingQueue<>();
  private final List<String> log = new ArrayList<>();

  private Program(Process process) {
    this.process = process;
    this.in = process.outputWriter(StandardCharsets.UTF_8);
    drain(process.inputReader(StandardCharsets.UTF_8), out);
    drain(process.errorReader(StandardCharsets.UTF_8), err);
  }

  /// Starts `watchgate` with arguments, in a working directory, with more environment. What it
  /// keeps is kept below that directory.
  public static Program start(Path directory, Map<String, String> environment, String... arguments)
      throws IOException {
    var builder = new ProcessBuilder(command(arguments)).directory(directory.toFile());
    builder.environment().put("XDG_STATE_HOME", directory.resolve("state").toString());
    builder.environment().putAll(environment);
    return new Program(builder.start());
  }

  /// The command line of `watchgate` with arguments.
  public static List<String> command(String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.watchgate.Main"));
    command.addAll(List.of(arguments));
    return command;
  }

  private static void drain(BufferedReader reader, LinkedBlockingQueue<String> lines) {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try (reader) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
              lines.add(line);
            }
          } catch (IOException e) {
            lines.add("cannot read: " + e.getMessage());
          }
          lines.add(END);
        });
  }

  /// Writes a line to the program's standard input.
  public void send(String line) {
    try {
      in.write(line);
      in.write('\n');
      in.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The next line of standard output.
  public String next() throws InterruptedException {
    var line = out.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (line == null || line.equals(END)) {
      throw new AssertionError("no line on stdout; stderr: " + err);
    }
    return line;
  }

  /// Waits for a line of standard error that has this in it.
  public MatchResult awaitLog(String pattern) throws InterruptedException {
    var wanted = Pattern.compile(pattern);
    for (; ; ) {
      var line = err.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (line == null || line.equals(END)) {
        throw new AssertionError("no line like " + pattern + " on stderr, but " + log);
      }
      log.add(line);
      var matcher = wanted.matcher(line);
      if (matcher.find()) {
        return matcher.toMatchResult();
      }
    }
  }

  /// Ends standard input.
  public void closeInput() throws IOException {
    in.close();
  }

  /// Sends a signal, as in `TERM`.
  public void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }

  /// Processes that the program started and that are alive.
  public List<ProcessHandle> children() {
    return process.descendants().toList();
  }

  /// Waits for the end and returns the exit code.
  public int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end; stderr: " + err);
    }
    return process.exitValue();
  }

  /// What is left on standard output, after the end.
  public List<String> rest() throws InterruptedException {
    return rest(out);
  }

  /// All of standard error, after the end.
  public List<String> log() throws InterruptedException {
    log.addAll(rest(err));
    return log;
  }

  private static List<String> rest(LinkedBlockingQueue<String> lines) throws InterruptedException {
    var rest = new ArrayList<String>();
    for (var line = lines.take(); !line.equals(END); line = lines.take()) {
      rest.add(line);
    }
    return rest;
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
