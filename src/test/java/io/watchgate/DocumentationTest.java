package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the documents say that a machine can check.
class DocumentationTest {
  private static final Set<String> NOT_OURS =
      Set.of("target", ".git", "node_modules", ".venv", ".peers");
  private static final Pattern FENCE = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
  private static final Pattern LINK = Pattern.compile("(?<!!)\\[[^]]*]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Path DECISIONS = Path.of("docs", "decisions");

  static List<Path> documents() throws IOException {
    var found = new ArrayList<Path>();
    Files.walkFileTree(
        Path.of(""),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes about) {
            return NOT_OURS.contains(directory.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes about) {
            if (file.toString().endsWith(".md")) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyLinkLeadsSomewhere(Path document) throws IOException {
    var prose = FENCE.matcher(Files.readString(document)).replaceAll("");
    var dead = new ArrayList<String>();
    for (var link : LINK.matcher(prose).results().map(found -> found.group(1)).toList()) {
      if (!link.contains("://") && !leadsSomewhere(document, link)) {
        dead.add(link);
      }
    }
    assertThat(dead).isEmpty();
  }

  private static boolean leadsSomewhere(Path document, String link) throws IOException {
    var parts = link.split("#", 2);
    var target = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]).normalize();
    return Files.exists(target) && (parts.length == 1 || anchors(target).contains(parts[1]));
  }

  /// The anchors that a forge gives to the headings of a document.
  private static Set<String> anchors(Path document) throws IOException {
    return HEADING
        .matcher(FENCE.matcher(Files.readString(document)).replaceAll(""))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyConfigurationLoads(Path document, @TempDir Path directory) throws IOException {
    for (var fence : FENCE.matcher(Files.readString(document)).results().toList()) {
      if (isConfiguration(fence)) {
        var file = Files.writeString(directory.resolve("watchgate.yaml"), fence.group(2));
        assertThat(ConfigLoader.load(file, Map.of()).upstreams()).as(fence.group()).isNotEmpty();
      }
    }
  }

  private static boolean isConfiguration(MatchResult fence) {
    return fence.group(1).equals("yaml") && fence.group(2).startsWith("proxy:");
  }

  @Test
  void theReadmeHasAConfigurationToPaste() throws IOException {
    var fences = FENCE.matcher(Files.readString(Path.of("README.md"))).results();

    assertThat(fences.filter(DocumentationTest::isConfiguration)).isNotEmpty();
  }

  @Test
  void theTableOfArrowsIsTheOneThatIsEnforced() throws IOException {
    var arrows = new TreeMap<String, Set<String>>();
    for (var line : Files.readAllLines(Path.of("ARCHITECTURE.md"))) {
      var cells = line.split("\\|", -1);
      if (cells.length == 5 && cells[1].matches(" `[a-z]+` ")) {
        arrows.put(codes(cells[1]).iterator().next(), codes(cells[3]));
      }
    }
    assertThat(arrows).isEqualTo(ArchitectureTest.MAY_USE);
  }

  private static Set<String> codes(String cell) {
    return CODE.matcher(cell).results().map(code -> code.group(1)).collect(Collectors.toSet());
  }

  @Test
  void everyDecisionIsInTheIndex() throws IOException {
    var index = Files.readString(DECISIONS.resolve("README.md"));
    try (var records = Files.list(DECISIONS)) {
      var names = records.map(record -> record.getFileName().toString());

      assertThat(names.filter(name -> !name.equals("README.md")))
          .isNotEmpty()
          .allMatch(name -> index.contains("(" + name + ")"));
    }
  }
}
