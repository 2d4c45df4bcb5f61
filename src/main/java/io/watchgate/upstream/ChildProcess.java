package io.watchgate.upstream;

import io.watchgate.jsonrpc.LineReader;
import io.watchgate.upstream.UpstreamSettings.Command;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A server's process, with what it starts itself: leads a process group of its own where the
/// system has `setsid`, keeps the last lines of its standard error, and is ended step by step.
final class ChildProcess {
  private static final Logger log = LoggerFactory.getLogger(ChildProcess.class);
  private static final List<String> MINIMAL_ENVIRONMENT =
      List.of("PATH", "HOME", "LANG", "TMPDIR", "USER");
  private static final int KEPT_LINES = 50;
  private static final int MAX_LINE = 4096;

  /// What a client's message about its end quotes of a process.
  private static final int TOLD_LINES = 5;

  private static final int MAX_TOLD = 200;
  private static final long GRACE_SECONDS = 2;
  private static final long LAST_WORDS_MILLIS = 25;

  private final String server;
  private final Process process;
  private final boolean leadsGroup;
  private final ArrayDeque<String> lastLines = new ArrayDeque<>();
  private final Thread errorReader;

  private ChildProcess(String server, Process process, boolean leadsGroup) {
    this.server = server;
    this.process = process;
    this.leadsGroup = leadsGroup;
    this.errorReader =
        Thread.ofPlatform().name(server + " stderr").daemon().start(this::readErrors);
  }

  /// Starts the command.
  ///
  /// @throws IOException when the system cannot start it
  static ChildProcess start(String server, Command command) throws IOException {
    var setsid = find("setsid");
    var words = new ArrayList<String>();
    setsid.ifPresent(path -> words.add(path.toString()));
    words.addAll(command.command());
    if (setsid.isPresent()) {
      requireExecutable(command);
    }
    var builder =
        new ProcessBuilder(words).directory(command.directory().toAbsolutePath().toFile());
    builder.environment().keySet().retainAll(environment(command).keySet());
    builder.environment().putAll(environment(command));
    return new ChildProcess(server, builder.start(), setsid.isPresent());
  }

  OutputStream input() {
    return process.getOutputStream();
  }

  InputStream output() {
    return process.getInputStream();
  }

  /// Runs an action once the process has ended and the output it left had time to be read.
  void onEnd(Runnable action) {
    process
        .onExit()
        .thenRunAsync(
            action, CompletableFuture.delayedExecutor(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS));
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /// How the process ended, in words for a person, once its output is at its end.
  String describeEnd() throws InterruptedException {
    if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
      return "closed its output" + lastWords();
    }
    errorReader.join(LAST_WORDS_MILLIS);
    int status = process.exitValue();
    var how =
        status > 128 && status < 160
            ? "killed by signal " + (status - 128) + signalName(status - 128)
            : "exited with status " + status;
    return how + lastWords();
  }

  /// Ends the process after its input was closed: waits, asks it to terminate, then kills it and
  /// all that it started.
  void end() {
    var family = process.descendants().toList();
    try {
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        signal(ProcessGroup.TERMINATE, family);
        if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
          log.warn("server \"{}\" (process {}) ignores SIGTERM and is killed", server, pid());
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      signal(ProcessGroup.KILL, family);
    }
  }

  private void signal(int signal, List<ProcessHandle> family) {
    if (leadsGroup) {
      ProcessGroup.signal(process.pid(), signal);
    }
    if (signal == ProcessGroup.KILL) {
      process.destroyForcibly();
      family.forEach(ProcessHandle::destroyForcibly);
    } else {
      process.destroy();
      family.forEach(ProcessHandle::destroy);
    }
  }

  private void readErrors() {
    try (var errors = process.getErrorStream()) {
      var reader = new LineReader(errors, MAX_LINE);
      while (true) {
        try {
          var line = reader.next();
          if (line == null) {
            return;
          }
          keep(new String(line, StandardCharsets.UTF_8));
        } catch (LineReader.TooLong tooLong) {
          keep("(" + tooLong.getMessage() + ")");
        }
      }
    } catch (IOException closed) {
      log.debug("stderr of server \"{}\" closed: {}", server, closed.getMessage());
    }
  }

  private void keep(String line) {
    log.debug("[{}] {}", server, line);
    synchronized (lastLines) {
      if (lastLines.size() == KEPT_LINES) {
        lastLines.removeFirst();
      }
      lastLines.add(line);
    }
  }

  /// The last lines, because the very last one often says the least: some runtimes end with their
  /// version, others with the end of a stack.
  private String lastWords() {
    synchronized (lastLines) {
      var lines = lastLines.stream().filter(line -> !line.isBlank()).toList();
      var last = lines.subList(Math.max(0, lines.size() - TOLD_LINES), lines.size());
      return last.isEmpty()
          ? ""
          : last.stream().map(ChildProcess::told).collect(Collectors.joining(" | ", ": ", ""));
    }
  }

  private static String told(String line) {
    var text = line.strip();
    return text.length() <= MAX_TOLD ? text : text.substring(0, MAX_TOLD) + "…";
  }

  /// Names of Linux and macOS alike; the few that differ have none.
  private static String signalName(int signal) {
    return switch (signal) {
      case 1 -> " (HUP)";
      case 2 -> " (INT)";
      case 3 -> " (QUIT)";
      case 4 -> " (ILL)";
      case 5 -> " (TRAP)";
      case 6 -> " (ABRT)";
      case 8 -> " (FPE)";
      case 9 -> " (KILL)";
      case 11 -> " (SEGV)";
      case 13 -> " (PIPE)";
      case 14 -> " (ALRM)";
      case 15 -> " (TERM)";
      default -> "";
    };
  }

  private static Map<String, String> environment(Command command) {
    var environment = new TreeMap<String, String>();
    var own = System.getenv();
    if (command.inheritEnvironment()) {
      environment.putAll(own);
    } else {
      for (var name : MINIMAL_ENVIRONMENT) {
        if (own.containsKey(name)) {
          environment.put(name, own.get(name));
        }
      }
    }
    environment.putAll(command.environment());
    return environment;
  }

  /// Behind setsid a command that does not exist would look like one that exits with 127.
  private static void requireExecutable(Command command) throws IOException {
    var program = command.command().getFirst();
    var found =
        program.contains("/")
            ? Files.isExecutable(command.directory().toAbsolutePath().resolve(program))
            : find(program, environment(command).getOrDefault("PATH", "")).isPresent();
    if (!found) {
      throw new IOException("cannot run \"" + program + "\": no such program");
    }
    if (!Files.isDirectory(command.directory().toAbsolutePath())) {
      throw new IOException("cannot run in " + command.directory() + ": no such directory");
    }
  }

  private static java.util.Optional<Path> find(String program) {
    return find(program, System.getenv().getOrDefault("PATH", ""));
  }

  private static java.util.Optional<Path> find(String program, String path) {
    return java.util.stream.Stream.of(path.split(java.io.File.pathSeparator))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, program))
        .filter(file -> Files.isExecutable(file) && !Files.isDirectory(file))
        .findFirst();
  }
}
