package io.watchgate.faults;

import io.watchgate.flow.Time;
import io.watchgate.testkit.RawHttp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// The gateway as a process of its own, seen from outside. All of them end with this process at the
/// latest.
final class GatewayProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern LISTENING =
      Pattern.compile("listening on http://127\\.0\\.0\\.1:(\\d+)/");
  private static final Pattern ADMIN = Pattern.compile("status at http://127\\.0\\.0\\.1:(\\d+)");
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
  private static final Pattern VIRTUAL =
      Pattern.compile("(?m)^\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+java\\.lang\\.VirtualThread\\b");
  private static final double TICKS_PER_SECOND = 100;
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(GatewayProcess::kill), "kill gateways"));
  }

  private final Process process;
  private final Path log;
  private final int port;
  private final int admin;

  /// What only the JVM itself knows, after a full collection.
  record Inside(long heapBytes, int virtualThreads) {
    double heapMebibytes() {
      return heapBytes / (double) (1 << 20);
    }
  }

  private GatewayProcess(Process process, Path log) throws IOException, InterruptedException {
    this.process = process;
    this.log = log;
    this.admin = Integer.parseInt(find(ADMIN));
    this.port = Integer.parseInt(find(LISTENING));
  }

  /// Starts `./watchgate run`, and waits until it listens.
  ///
  /// @param directory gets the configuration, the log and what the gateway keeps
  static GatewayProcess start(Path directory, String configuration, String javaOptions)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    var file = Files.writeString(directory.resolve("watchgate.yaml"), configuration);
    var log = directory.resolve("gateway.log");
    var builder =
        new ProcessBuilder("./watchgate", "run", "-c", file.toString())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(log.toFile())
            .redirectErrorStream(true);
    builder.environment().put("WATCHGATE_JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("WATCHGATE_JAVA_OPTS", javaOptions);
    builder.environment().put("XDG_STATE_HOME", directory.resolve("state").toString());
    var process = builder.start();
    RUNNING.add(process);
    try {
      return new GatewayProcess(process, log);
    } catch (IOException failure) {
      kill(process);
      throw failure;
    }
  }

  private String find(Pattern pattern) throws IOException, InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < until) {
      var found = pattern.matcher(log());
      if (found.find()) {
        return found.group(1);
      }
      if (!process.isAlive()) {
        throw new IOException("the gateway did not start: " + log().strip());
      }
      Time.REAL.pass(Duration.ofMillis(20));
    }
    throw new IOException("the gateway does not listen: " + log().strip());
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  int port() {
    return port;
  }

  Path directory() {
    return log.resolveSibling("");
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// Sends a signal, as in `TERM`.
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }

  /// Waits for its end.
  ///
  /// @return the exit code, -1 when it does not end in time
  int exitCode(Duration patience) throws InterruptedException {
    return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
  }

  /// The process of a server whose command line has this in it.
  ProcessHandle child(String words) throws IOException {
    for (var child : process.descendants().toList()) {
      if (read("/proc/" + child.pid() + "/cmdline").replace('\0', ' ').contains(words)) {
        return child;
      }
    }
    throw new IOException("no child has \"" + words + "\" in its command line");
  }

  /// What `/api/status` says.
  JsonNode status() throws IOException {
    return Wire.read(get("/api/status"));
  }

  /// What `/api/status` says of a server.
  JsonNode status(String server) throws IOException {
    for (var upstream : status().path("upstreams")) {
      if (upstream.path("name").asString("").equals(server)) {
        return upstream;
      }
    }
    throw new IOException("no server " + server + " in the status");
  }

  /// A number of `/metrics` about a server.
  long metric(String name, String server) throws IOException {
    var line = "watchgate_upstream_" + name + "{upstream=\"" + server + "\"} ";
    return get("/metrics")
        .lines()
        .filter(sample -> sample.startsWith(line))
        .map(sample -> (long) Double.parseDouble(sample.substring(line.length())))
        .findFirst()
        .orElseThrow(() -> new IOException("no metric " + line));
  }

  private String get(String path) throws IOException {
    try (var connection = RawHttp.connect(admin)) {
      return connection.request("GET", path, "").read().body();
    }
  }

  /// Seconds of processor time so far.
  double cpuSeconds() throws IOException {
    return cpuSeconds("/proc/" + process.pid() + "/stat");
  }

  /// The same without that of its compilers, which work for minutes on what is called often.
  double workSeconds() throws IOException {
    double compiling = 0;
    try (var threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
      for (var thread : threads.toList()) {
        if (read(thread + "/comm").matches("C[12] Compiler.*\\s*")) {
          compiling += cpuSeconds(thread + "/stat");
        }
      }
    }
    return cpuSeconds() - compiling;
  }

  private static double cpuSeconds(String file) throws IOException {
    var stat = read(file);
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  int threads() throws IOException {
    var found =
        Pattern.compile("Threads:\\s+(\\d+)").matcher(read("/proc/" + process.pid() + "/status"));
    return found.find() ? Integer.parseInt(found.group(1)) : 0;
  }

  int descriptors() throws IOException {
    try (var open = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
      return (int) open.count();
    }
  }

  Inside inside() throws IOException, InterruptedException {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var asking =
        new ProcessBuilder(jcmd, String.valueOf(process.pid()), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    var said = new String(asking.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    asking.waitFor();
    var total = TOTAL.matcher(said);
    if (!total.find()) {
      throw new IOException("no histogram: " + said.lines().limit(3).toList());
    }
    var virtual = VIRTUAL.matcher(said);
    return new Inside(
        Long.parseLong(total.group(1)), virtual.find() ? Integer.parseInt(virtual.group(1)) : 0);
  }

  private static String read(String file) throws IOException {
    return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    RUNNING.remove(process);
  }

  @Override
  public void close() {
    kill(process);
  }
}
