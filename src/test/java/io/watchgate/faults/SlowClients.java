package io.watchgate.faults;

import io.watchgate.faults.Load.Lane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// Clients that send too slowly and clients that do not read.
final class SlowClients implements Row {
  private static final int RESERVE = 2000;
  private static final int READERS = 100;
  private static final Pattern OPEN_FILES = Pattern.compile("Max open files\\s+(\\d+)");

  @Override
  public String name() {
    return "loris";
  }

  @Override
  public String fault() {
    return "10 000 slow-loris connections, readers that never read";
  }

  @Override
  public String required() {
    return "healthy clients' p99 within 1.5 times";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    int slow = Math.min(bench.times(5000, 10_000), descriptors() - RESERVE);
    try (var stand = Stand.start(bench, new Plan())) {
      // Healthy clients come and go too: every call in a hundredth of a second on a new connection.
      stand.load(List.of(Lane.of("web2", 10).tool("get").freshEvery(1)));
      var readers = Caller.open(stand.gateway.port(), 4);
      var calm = stand.window(bench.seconds(4, 30));
      try (var siege = Siege.begin(stand.gateway.port(), slow, readers, READERS / 4)) {
        stand.window(bench.seconds(2, 5));
        var fault = stand.window(bench.seconds(6, 60));
        var all = stand.settled();
        report.note(slow + " connections, " + siege.cut() + " cut, " + READERS + " readers");
        report.grewAtMost("healthy clients'", all.during(calm), all.during(fault), 0.99, 1.5);
        report.allAnswered("their calls", all.during(fault));
        report.noneLost(all);
      }
    }
  }

  private static int descriptors() throws IOException {
    var found = OPEN_FILES.matcher(Files.readString(Path.of("/proc/self/limits")));
    return found.find() ? Integer.parseInt(found.group(1)) : RESERVE;
  }
}
