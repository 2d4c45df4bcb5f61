package io.watchgate.faults;

import io.watchgate.faults.Caller.Shot;
import io.watchgate.flow.Time;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/// Kills a gateway again and again while clients call it, each time at another moment, and looks
/// whether its audit log verifies after the restart and has every call that a client got an answer
/// for. The log goes on from life to life, and is small enough to be rotated in between. `make
/// audit-crash` runs it, from the project's directory.
public final class AuditCrash {
  private static final Path DIRECTORY = Path.of("target", "audit-crash").toAbsolutePath();
  private static final Path LOG = DIRECTORY.resolve("audit.jsonl");
  private static final int CLIENTS = 8;
  private static final int LONGEST_MILLIS = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern ANSWERED = Pattern.compile("web:(seed-\\d+-client-\\d+-\\d+)");
  private static final String AUDITING =
      """
      plugins:
        auditing:
          _global:
            - handler: audit_jsonl
              config:
                output_file: audit.jsonl
                durability: strict
                include_response_body: true
                rotate: {size: 1MiB}
                checkpoint: {interval: 200ms}
      """;

  private final Set<String> answered = ConcurrentHashMap.newKeySet();

  private AuditCrash() {}

  public static void main(String[] arguments) throws Exception {
    int seeds = arguments.length == 0 ? 100 : Integer.parseInt(arguments[0]);
    deleteAll();
    var crash = new AuditCrash();
    try (var server = WebServer.start("web")) {
      var entry = new Plan().url("web", server.port());
      var file = new Plan().configuration(List.of(entry)) + AUDITING;
      for (int seed = 0; seed < seeds; seed++) {
        crash.live(seed, file);
      }
      try (var _ = GatewayProcess.start(DIRECTORY, file, "")) {
        System.out.println("the last one is up again");
      }
    }
    System.exit(crash.judge(seeds) ? 0 : 1);
  }

  private static void deleteAll() throws IOException {
    if (Files.exists(DIRECTORY)) {
      try (var all = Files.walk(DIRECTORY)) {
        for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  /// One life of the gateway, to its violent end.
  private void live(int seed, String file) throws IOException, InterruptedException {
    int millis = new Random(seed).nextInt(LONGEST_MILLIS);
    int before = answered.size();
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var gateway = GatewayProcess.start(DIRECTORY, file, "");
      for (int i = 0; i < CLIENTS; i++) {
        var name = "seed-" + seed + "-client-" + i + "-";
        clients.execute(() -> call(gateway.port(), name));
      }
      awaitAnswer(before);
      Time.REAL.pass(Duration.ofMillis(millis));
      gateway.close(); // SIGKILL
    }
    int calls = answered.size() - before;
    System.out.printf("seed %d: killed after %d ms and %d calls%n", seed, millis, calls);
  }

  private void awaitAnswer(int before) throws IOException, InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (answered.size() == before) {
      if (System.nanoTime() > until) {
        throw new IOException("no call is answered within " + PATIENCE);
      }
      Time.REAL.pass(Duration.ofMillis(5));
    }
  }

  private void call(int port, String name) {
    try (var caller = Caller.open(port)) {
      boolean goesOn = true;
      for (int i = 0; goesOn; i++) {
        goesOn = caller.call(Shot.of("web", "echo", name + i, 0)).isAnswered();
        if (goesOn) {
          answered.add(name + i);
        }
      }
    } catch (IOException killed) {
      // before the first call
    }
  }

  private boolean judge(int seeds) throws IOException, InterruptedException {
    var recorded = recorded();
    var lost = new HashSet<>(answered);
    lost.removeAll(recorded);
    var verifying =
        new ProcessBuilder("./watchgate", "audit", "verify", LOG.toString()).inheritIO();
    verifying.environment().put("WATCHGATE_JAVA_HOME", System.getProperty("java.home"));
    verifying
        .environment()
        .put("XDG_STATE_HOME", DIRECTORY.resolve("state").toString()); // has the key
    int code = verifying.start().waitFor();
    System.out.printf(
        "%d kills, %d calls answered, %d of them not on record%s; verify ends with %d%n",
        seeds,
        answered.size(),
        lost.size(),
        lost.isEmpty() ? "" : ", as " + lost.iterator().next(),
        code);
    return lost.isEmpty() && code == 0 && answered.size() > seeds;
  }

  /// Texts of all answers that are on record.
  private static Set<String> recorded() throws IOException {
    var texts = new HashSet<String>();
    try (var files = Files.list(DIRECTORY)) {
      for (var file : files.filter(each -> each.toString().contains(".jsonl")).toList()) {
        try (var lines =
            new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8))) {
          lines
              .lines()
              .filter(line -> line.contains("\"event\":\"response\""))
              .forEach(line ->
                  ANSWERED.matcher(line).results().forEach(found -> texts.add(found.group(1))));
        }
      }
    }
    return texts;
  }

  private static InputStream open(Path file) throws IOException {
    var in = Files.newInputStream(file);
    return file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
  }
}
