package io.watchgate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Where the results of a run are kept: as JSON, and as a part of the page about performance.
final class Page {
  static final String BEGIN = "<!-- make bench writes what follows -->";
  static final String END = "<!-- make bench wrote what stands above -->";

  private final List<Figures> figures;
  private final List<Verdict> verdicts;
  private final String machine;

  Page(List<Figures> figures, List<Verdict> verdicts, String machine) {
    this.figures = figures;
    this.verdicts = verdicts;
    this.machine = machine;
  }

  /// What this machine is, and how busy it was.
  static String machine() throws IOException {
    var model =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse("unknown processor");
    var load = Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0];
    return "%s, %d cores, %s %s, JDK %s, load average before the run %s"
        .formatted(
            model,
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            Runtime.version(),
            load);
  }

  /// @param directory gets `latest.json`
  void writeJson(Path directory) throws IOException {
    Files.createDirectories(directory);
    var json =
        "{\"machine\":\"%s\",%n\"figures\":[%n%s],%n\"verdicts\":[%n%s]}%n"
            .formatted(
                machine,
                figures.stream().map(Figures::json).collect(Collectors.joining(",\n")),
                verdicts.stream().map(Page::json).collect(Collectors.joining(",\n")));
    Files.writeString(directory.resolve("latest.json"), json);
  }

  private static String json(Verdict verdict) {
    return String.format(
        Locale.ROOT,
        "{\"what\":\"%s\",\"figure\":%.4f,\"atMost\":%b,\"bound\":%s,\"holds\":%b}",
        verdict.what(),
        verdict.figure(),
        verdict.atMost(),
        verdict.bound(),
        verdict.holds());
  }

  /// Puts the figures between the two marks of a page.
  void writeInto(Path page) throws IOException {
    Files.writeString(page, into(Files.readString(page)));
  }

  String into(String page) {
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalStateException("the page has no place for the figures");
    }
    return page.substring(0, begin + BEGIN.length()) + "\n\n" + text() + page.substring(end);
  }

  private String text() {
    return """
    %s, %s.

    %s
    %s
    %s
    """
        .formatted(
            LocalDate.now(ZoneOffset.UTC), machine, verdicts(), sources(), Report.tables(figures));
  }

  String verdicts() {
    return verdicts.stream()
        .map(Verdict::line)
        .collect(Collectors.joining("\n", Verdict.HEAD + "\n", "\n"));
  }

  private String sources() {
    return Contenders.ALL.stream()
        .filter(one -> figures.stream().anyMatch(row -> row.contender().equals(one.name())))
        .filter(one -> !one.get().isEmpty())
        .map(one -> "| " + one.name() + " | `" + one.get() + "` |")
        .collect(Collectors.joining("\n", "| contender | how it was had |\n|---|---|\n", "\n"));
  }
}
