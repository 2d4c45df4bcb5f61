package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The rules of CONTRIBUTING.md that a machine can keep, over every Java file of the project.
class HouseRulesTest {
  private static final int LONGEST_METHOD = 60;
  private static final int LONGEST_FILE = 400;
  private static final int LONGEST_LINE = 100;
  private static final String ROOT = "io.watchgate";

  /// Where entry points live.
  private static final Set<String> CONSOLE =
      Set.of(
          ROOT,
          ROOT + ".demo",
          ROOT + ".testkit",
          ROOT + ".peers",
          ROOT + ".faults",
          ROOT + ".scoring",
          ROOT + ".bench");

  /// Where bytes come in and go out, and what stands at the edge: real by nature. A simulation has
  /// its own in place of them.
  private static final Set<String> EDGES =
      Set.of(
          "Time",
          "Surroundings",
          "EventLoops",
          "LineWriter",
          "ChildProcess",
          "StdioTransport",
          "SseTransport",
          "StreamableHttpTransport",
          "ListeningStream",
          "HttpConnector",
          "HttpConnection",
          "HttpExchange",
          "HttpListener",
          "HttpReply",
          "ArrivalWatch",
          "EventStream",
          "StartupFailure",
          "DemoTour",
          "ToolCall");

  private static final Pattern BROAD_CATCH =
      Pattern.compile("catch \\((final )?([\\w.]+ \\| )*(java\\.lang\\.)?(Exception|Throwable)\\b");
  private static final Pattern SUPERVISED = Pattern.compile("// supervised edge: \\S");

  private static List<SourceFile> files = List.of();

  @BeforeAll
  static void readFiles() throws IOException {
    files = SourceFile.all();
    assertThat(files).isNotEmpty();
  }

  @Test
  void methodsAreShort() {
    assertThat(files.stream().flatMap(file -> longMethods(file).stream())).isEmpty();
  }

  @Test
  void filesAreShort() {
    assertThat(files.stream().filter(file -> file.lines().size() > LONGEST_FILE))
        .extracting(file -> file.path() + " has " + file.lines().size() + " lines")
        .isEmpty();
  }

  @Test
  void linesFitTheScreen() {
    var allowed = Pattern.compile("^(import|package) ");
    assertThat(
            violations(
                SourceFile::lines,
                _ -> true,
                line -> columns(line) > LONGEST_LINE && !allowed.matcher(line).find()))
        .isEmpty();
  }

  @Test
  void noTestIsSwitchedOff() {
    assertThat(inCode("@Disabled\\b")).isEmpty();
  }

  @Test
  void everyTodoNamesItsIssue() {
    var unowned = Pattern.compile("\\bTODO\\b(?!.*#\\d)");
    assertThat(violations(SourceFile::noLiterals, _ -> true, unowned.asPredicate())).isEmpty();
  }

  @Test
  void onlyEntryPointsWriteToTheConsole() {
    assertThat(inCode("\\bSystem\\.(out|err)\\b", file -> !CONSOLE.contains(file.packageName())))
        .isEmpty();
  }

  @Test
  void nobodySleeps() {
    assertThat(inCode("\\b(Thread|TimeUnit\\.\\w+)\\.sleep\\b")).isEmpty();
  }

  @Test
  void timeIsPassedIn() {
    var clock = "\\b(Instant\\.now\\(\\)|System\\.currentTimeMillis\\b)";
    assertThat(inCode(clock, file -> !file.packageName().equals(ROOT))).isEmpty();
  }

  @Test
  void onlyEdgesReadTheClockOrWaitByIt() {
    var real =
        "\\bSystem\\.nanoTime\\b|\\.awaitNanos\\(|\\bTimeUnit\\.\\w+\\s*\\)"
            + "|\\b(orTimeout|completeOnTimeout|delayedExecutor|parkNanos|schedule\\w*)\\(";
    assertThat(inCode(real, HouseRulesTest::isInside)).isEmpty();
  }

  private static boolean isInside(SourceFile file) {
    var name = file.path().getFileName().toString().replace(".java", "");
    return file.path().startsWith("src/main") && !EDGES.contains(name);
  }

  @Test
  void importsNameWhatTheyImport() {
    assertThat(inCode("^import .*\\*;")).isEmpty();
  }

  @Test
  void exceptionsAreCaughtByNameButAtSupervisedEdges() {
    assertThat(files.stream().flatMap(file -> broadCatches(file).stream())).isEmpty();
  }

  @Test
  void rulesSeeCodeAndNotItsLiterals() {
    var file =
        SourceFile.of(
            Path.of("src/main/java/io/watchgate/flow/A.java"),
            """
            class A {
              String s = "x { // \\" System.out"; // Thread.sleep {
              String block = \"""
                  { "quoted" \\\""" Thread.sleep(1); '\""";
              char c = '"'; /* { System.err */ int[] list = {1, 2};
              void a() {
                run(() -> { b(); });
                try { b(); } catch (Exception e) { }
              }
            }
            """);

    assertThat(file.packageName()).isEqualTo("io.watchgate.flow");
    assertThat(String.join("\n", file.code())).doesNotContain("System", "sleep").contains("c = ");
    assertThat(file.noLiterals().get(1)).contains("// Thread.sleep").doesNotContain("System");
    assertThat(file.blocks()).extracting(SourceFile.Block::length).containsExactly(1, 1, 1, 4);
    assertThat(broadCatches(file)).hasSize(1);
  }

  private static List<String> longMethods(SourceFile file) {
    return file.blocks().stream()
        .filter(block -> block.length() > LONGEST_METHOD)
        .map(block -> at(file, block.firstLine()) + " has " + block.length() + " lines")
        .toList();
  }

  private static List<String> broadCatches(SourceFile file) {
    var found = new ArrayList<String>();
    for (int i = 0; i < file.code().size(); i++) {
      var around = file.noLiterals().get(Math.max(0, i - 1)) + "\n" + file.noLiterals().get(i);
      if (BROAD_CATCH.matcher(file.code().get(i)).find() && !SUPERVISED.matcher(around).find()) {
        found.add(at(file, i + 1) + " catches everything and is no \"// supervised edge: <why>\"");
      }
    }
    return found;
  }

  private static List<String> inCode(String forbidden) {
    return inCode(forbidden, _ -> true);
  }

  private static List<String> inCode(String forbidden, Predicate<SourceFile> where) {
    return violations(SourceFile::code, where, Pattern.compile(forbidden).asPredicate());
  }

  private static List<String> violations(
      Function<SourceFile, List<String>> view,
      Predicate<SourceFile> where,
      Predicate<String> forbidden) {
    var found = new ArrayList<String>();
    files.stream()
        .filter(where)
        .forEach(file -> {
          var lines = view.apply(file);
          for (int i = 0; i < lines.size(); i++) {
            if (forbidden.test(lines.get(i))) {
              found.add(at(file, i + 1) + " " + file.lines().get(i).strip());
            }
          }
        });
    return found;
  }

  private static int columns(String line) {
    return line.codePointCount(0, line.length());
  }

  private static String at(SourceFile file, int line) {
    return file.path() + ":" + line;
  }
}
