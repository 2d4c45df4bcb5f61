package io.watchgate.faults;

import io.watchgate.flow.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;

/// The configuration changes every second, to a valid one and to an invalid one in turn.
final class Reloads implements Row {
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final double MORE_HEAP_MEBIBYTES = 8;
  private static final String BOTH = "both";

  @Override
  public String name() {
    return "reload";
  }

  @Override
  public String fault() {
    return "reload every second for 5 minutes, valid and invalid in turn";
  }

  @Override
  public String required() {
    return "no call lost, no mixed policy within a call, memory flat";
  }

  /// What lists showed: the first letters of the names of two servers, whose prefixes change
  /// together.
  private static final class Lists {
    private final List<String> shown = new ArrayList<>();
    private volatile boolean over;

    void watch(Caller caller) {
      try {
        while (!over) {
          var letters = new TreeSet<String>();
          for (var tool : caller.ask("tools/list", "{}").path("tools")) {
            var name = tool.path("name").asString("");
            if (name.matches("[ab][xy]_.*")) {
              letters.add(name.substring(0, 1));
            }
          }
          var letter = letters.size() > 1 ? BOTH : String.join("", letters);
          if (shown.isEmpty() || !shown.getLast().equals(letter)) {
            shown.add(letter);
          }
          Time.REAL.pass(Duration.ofMillis(50));
        }
      } catch (IOException failure) {
        shown.add("failed: " + failure.getMessage());
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    try (var x = WebServer.start("x");
        var y = WebServer.start("y")) {
      var plan = new Plan().more(entry("x", x, "ax_")).more(entry("y", y, "ay_"));
      try (var stand = Stand.start(bench, plan)) {
        var file = stand.gateway.directory().resolve("watchgate.yaml");
        var a = Files.readString(file);
        var b = a.replace("prefix: a", "prefix: b");
        var invalid = a.replace("transport:", "transprt:");
        int times = bench.times(12, 300);
        reload(stand, List.of(b, invalid, a, invalid), 4, new Lists());
        if (!stand.gateway.isAlive()) {
          report.check("the gateway ended at the first SIGHUP", false);
          return;
        }
        var before = stand.quiet();
        stand.load();
        var lists = new Lists();
        reload(stand, List.of(b, invalid, a, invalid), times, lists);
        if (!stand.gateway.isAlive()) {
          report.check("the gateway ended", false);
          return;
        }
        var all = stand.settled();
        report.allAnswered("calls", all);
        report.check("lists showed no mixture", !new HashSet<>(lists.shown).contains(BOTH));
        var failed = lists.shown.stream().filter(shown -> shown.startsWith("failed")).toList();
        report.check(failed.isEmpty() ? "no list failed" : failed.getFirst(), failed.isEmpty());
        long changes = lists.shown.stream().filter(shown -> shown.matches("[ab]")).count() - 1;
        report.atLeast("changes seen", (double) changes, 0.9 * (times / 2 - 1), "");
        var after = stand.quiet();
        report.atMost(
            "live heap +",
            after.heapMebibytes() - before.heapMebibytes(),
            MORE_HEAP_MEBIBYTES,
            " MiB");
        SilentServer.grew(report, before, after, all.size());
        report.noneLost(all);
      }
    }
  }

  private static String entry(String name, WebServer server, String prefix) {
    return "name: %s, url: \"http://127.0.0.1:%d/mcp\", prefix: %s"
        .formatted(name, server.port(), prefix);
  }

  private static void reload(Stand stand, List<String> files, int times, Lists lists)
      throws IOException, InterruptedException {
    var caller = Caller.open(stand.gateway.port());
    var watching = Thread.ofVirtual().start(() -> lists.watch(caller));
    var file = stand.gateway.directory().resolve("watchgate.yaml");
    for (int i = 0; i < times && stand.gateway.isAlive(); i++) {
      var next = Files.writeString(file.resolveSibling("next.yaml"), files.get(i % files.size()));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      stand.gateway.signal("HUP");
      Time.REAL.pass(PERIOD);
    }
    lists.over = true;
    watching.join();
    caller.close();
  }
}
