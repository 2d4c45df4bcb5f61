package io.watchgate.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// The dossier of faults: runs its rows against the gateway as a process, prints a line for each,
/// and ends with 1 when one does not hold. `make faults` runs it, from the project's directory.
public final class Dossier {
  private static final Path DIRECTORY = Path.of("target", "faults");
  private static final String HEAD =
      """
      | fault | required | measured | |
      |---|---|---|---|
      """;

  private static final List<Row> ROWS =
      List.of(
          new KilledChild(),
          new SilentServer(),
          new BlackHoleServer(),
          new HalfBrokenServer(),
          new ServerComesBack(),
          new SessionRush(),
          new ParallelClients(),
          new SlowServer(),
          new SlowClients(),
          new ClientsGone(),
          new HugeAnswer(),
          new Signals(),
          new Reloads(),
          new CrashLoops(),
          new WrongAnswers());

  private final boolean quick;
  private final List<String> lines = new ArrayList<>();
  private int failed;

  private Dossier(boolean quick) {
    this.quick = quick;
  }

  /// Runs the rows that are named.
  ///
  /// @param arguments `quick`, and names of rows; without names all of them run
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var words = new ArrayList<>(List.of(arguments));
    boolean quick = words.remove("quick");
    var known = ROWS.stream().map(Row::name).collect(Collectors.toSet());
    var unknown = words.stream().filter(word -> !known.contains(word)).toList();
    if (!unknown.isEmpty()) {
      System.err.println("no such row: " + unknown + "; there are " + String.join(" ", names()));
      System.exit(2);
    }
    System.exit(new Dossier(quick).run(Set.copyOf(words)));
  }

  private static List<String> names() {
    return ROWS.stream().map(Row::name).toList();
  }

  private int run(Set<String> wanted) throws IOException, InterruptedException {
    for (var row : ROWS) {
      if (wanted.isEmpty() || wanted.contains(row.name())) {
        run(row);
      }
    }
    var table = HEAD + String.join("", lines);
    write(wanted, table);
    System.out.println(table);
    System.out.println((lines.size() - failed) + " rows hold, " + failed + " do not");
    return failed == 0 ? 0 : 1;
  }

  private void run(Row row) throws InterruptedException {
    long started = System.nanoTime();
    var report = new Report();
    try {
      row.run(new Bench(DIRECTORY.resolve(row.name()), quick), report);
    } catch (InterruptedException stopped) {
      throw stopped;
    } catch (Exception failure) { // supervised edge: the other rows are to be run all the same
      report.check(String.valueOf(failure.getMessage()).lines().findFirst().orElse(""), false);
      failure.printStackTrace();
    }
    failed += report.holds() ? 0 : 1;
    var verdict = report.holds() ? "ok" : "FAILED";
    var line =
        String.join(" | ", "| " + row.fault(), row.required(), report.measured(), verdict + " |\n");
    lines.add(line);
    long seconds = (System.nanoTime() - started) / 1_000_000_000;
    System.out.printf(
        Locale.ROOT, "%-10s %-6s %3d s  %s%n", row.name(), verdict, seconds, report.measured());
  }

  private void write(Set<String> wanted, String table) throws IOException {
    var command =
        "make faults"
            + (quick ? " QUICK=1" : "")
            + (wanted.isEmpty() ? "" : " ROWS=\"" + String.join(" ", wanted) + "\"");
    var text = about(command) + "\n" + table;
    Files.createDirectories(DIRECTORY);
    Files.writeString(DIRECTORY.resolve("table.md"), text);
    if (!quick && wanted.isEmpty()) {
      ReliabilityPage.replace(text);
    }
  }

  private static String about(String command) throws IOException {
    var date = InstantSource.system().instant().atOffset(ZoneOffset.UTC).toLocalDate();
    var cpu =
        Files.readString(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.replaceFirst(".*: ", ""))
            .findFirst()
            .orElse("unknown processor");
    return "`%s`, %s, %d cores of %s, Linux, JDK %s.\n"
        .formatted(
            command, date, Runtime.getRuntime().availableProcessors(), cpu, Runtime.version());
  }
}
