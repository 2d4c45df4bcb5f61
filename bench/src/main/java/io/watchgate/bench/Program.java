package io.watchgate.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A contender that runs. All programs end with this process at the latest.
final class Program implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Program::kill), "kill programs"));
  }

  private final Contender contender;
  private final ProcessHandle process;
  private final Endpoint endpoint;

  private final long since = System.nanoTime();
  private double rate = Double.MAX_VALUE;

  private Program(Contender contender, ProcessHandle process, Endpoint endpoint) {
    this.contender = contender;
    this.process = process;
    this.endpoint = endpoint;
  }

  /// Starts a program of the bench's own, and waits until something listens on the port.
  static ProcessHandle start(List<String> command, Path directory, int port) throws IOException {
    var process = launch(command, Map.of(), directory);
    await(process, port, directory);
    return process.toHandle();
  }

  /// @param upstream the process of the server, and its port
  static Program start(
      Contender contender, Setup setup, Path root, ProcessHandle server, int upstream)
      throws IOException {
    if (contender.can(Contender.Skill.STRAIGHT)) {
      var endpoint = new Endpoint(upstream, sitePath(contender, setup), "", setup.era());
      return new Program(contender, server, endpoint);
    }
    var directory = root.resolve("bench/target/runs/" + contender.word());
    clear(directory);
    int port = freePort();
    var words = words(setup, root, directory, port, upstream);
    if (!Files.isRegularFile(Path.of(fill(contender.program(), words)))) {
      throw new BenchFailure("is not there: make bench-peers did not run, or could not get it");
    }
    words.put("UPSTREAMS", servers(contender, setup, words));
    if (!contender.template().isEmpty()) {
      var template = Files.readString(root.resolve("bench/contenders/" + contender.template()));
      var file = directory.resolve(contender.template());
      Files.writeString(file, fill(template, words));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      words.put("CONFIG", file.toString());
    }
    var command = contender.command().stream().map(word -> fill(word, words)).toList();
    var environment = new HashMap<String, String>();
    contender.environment().forEach((name, value) -> environment.put(name, fill(value, words)));
    var process = launch(command, environment, directory);
    await(process, port, directory);
    words.put("TOKEN", token(directory));
    var path = contender.path().isEmpty() ? sitePath(contender, setup) : contender.path();
    var endpoint =
        new Endpoint(port, fill(path, words), fill(contender.headers(), words), setup.era());
    return new Program(contender, process.toHandle(), endpoint);
  }

  /// Where whoever joins nothing finds all tools at once.
  private static String sitePath(Contender contender, Setup setup) {
    int servers = contender.can(Contender.Skill.BLIND) ? setup.servers() : 1;
    return Site.path(setup.era(), servers * setup.tools());
  }

  /// Takes away what another run has left.
  private static void clear(Path directory) throws IOException {
    Files.createDirectories(directory);
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    Files.createDirectories(directory);
  }

  /// What a start-up script has left for clients.
  private static String token(Path directory) throws IOException {
    var file = directory.resolve("token");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private static Map<String, String> words(
      Setup setup, Path root, Path directory, int port, int upstream) throws IOException {
    var words = new HashMap<String, String>();
    words.put("ROOT", root.toString());
    words.put("PEERS", root.resolve("bench/.peers").toString());
    words.put("DIR", directory.toString());
    words.put("PORT", String.valueOf(port));
    words.put("UPSTREAM_PORT", String.valueOf(upstream));
    words.put(
        "URL", "http://127.0.0.1:" + upstream + Site.path(setup.era(), setup.tools()) + "/@NAME@");
    words.put("TOOLS", String.valueOf(setup.tools()));
    words.put("COMMAND", root.resolve("bench/target/" + Cpu.RESPONDER).toString());
    words.put("LIMITS", "max_concurrent_requests: 10000, pool: {max: 20000}");
    return words;
  }

  private static String servers(Contender contender, Setup setup, Map<String, String> words) {
    var text = setup.stdio() ? contender.servers().stdio() : contender.servers().http();
    return IntStream.range(0, setup.servers())
        .mapToObj(i -> fill(text, words).replace("@NAME@", "s" + i))
        .collect(Collectors.joining(contender.servers().between()));
  }

  /// Puts words in the places that have their names.
  static String fill(String text, Map<String, String> words) {
    var filled = text;
    for (var word : words.entrySet()) {
      filled = filled.replace("@" + word.getKey() + "@", word.getValue());
    }
    return filled;
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /// Starts a program that is spoken to on its standard input and output.
  static Process launchPiped(List<String> command, Path directory) throws IOException {
    Files.createDirectories(directory);
    var builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(directory.resolve("log").toFile());
    builder.environment().put("XDG_STATE_HOME", directory.resolve("state").toString());
    var process = builder.start();
    RUNNING.add(process);
    return process;
  }

  private static Process launch(
      List<String> command, Map<String, String> environment, Path directory) throws IOException {
    Files.createDirectories(directory);
    var builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(directory.resolve("log").toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    var process = builder.start();
    RUNNING.add(process);
    return process;
  }

  private static void await(Process process, int port, Path directory) throws IOException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    var here = new Endpoint(port, "", "", Era.STATELESS);
    while (System.nanoTime() < until && process.isAlive()) {
      try (var _ = Connection.open(here)) {
        return;
      } catch (IOException _) {
        LockSupport.parkNanos(LOOK.toNanos()); // it does not listen yet
      }
    }
    var why = process.isAlive() ? "does not listen" : "ended with " + process.exitValue();
    var log = Files.readString(directory.resolve("log"));
    kill(process);
    throw new BenchFailure(
        why + ": " + log.substring(Math.max(0, log.length() - 500)).strip().replace('\n', ' '));
  }

  Contender contender() {
    return contender;
  }

  /// Calls a second that it was last seen to make.
  double rate() {
    return rate;
  }

  void rate(double callsPerSecond) {
    rate = callsPerSecond;
  }

  /// Whether it may still be on its way up.
  boolean isYoung() {
    return process.isAlive() && System.nanoTime() - since < PATIENCE.toNanos();
  }

  ProcessHandle process() {
    return process;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  private static void kill(Process process) {
    kill(process.toHandle());
    RUNNING.remove(process);
  }

  static void kill(ProcessHandle process) {
    var family = process.descendants().toList();
    process.destroy();
    try {
      process.onExit().get(5, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException _) {
      process.destroyForcibly();
    }
    family.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() {
    if (!contender.can(Contender.Skill.STRAIGHT)) {
      kill(process);
    }
  }
}
