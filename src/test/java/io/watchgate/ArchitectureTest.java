package io.watchgate;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The arrows of ARCHITECTURE.md. A package may use the packages on its right and no others of
/// ours; the root package, which is not in the table, may use all and none may use it.
class ArchitectureTest {
  private static final String ROOT = "io.watchgate";
  private static final Set<String> CENTRE = Set.of("jsonrpc", "mcp", "flow");
  private static final Set<String> SETTINGS =
      Set.of(
          "resilience",
          "routing",
          "upstream",
          "downstream",
          "audit",
          "admin",
          "agents",
          "plugin",
          "hosting",
          "otlp",
          "telemetry");

  static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          entry("jsonrpc", Set.of()),
          entry("mcp", Set.of("jsonrpc")),
          entry("flow", Set.of("jsonrpc", "mcp")),
          entry("plugin", Set.of("jsonrpc")),
          entry("web", Set.of()),
          entry("scanning", Set.of("jsonrpc", "plugin")),
          entry("security", Set.of("jsonrpc", "mcp", "plugin", "scanning")),
          entry("schema", Set.of("jsonrpc")),
          entry("middleware", Set.of("jsonrpc", "mcp", "plugin", "scanning", "schema")),
          entry("hosting", union(CENTRE, Set.of("plugin"))),
          entry("otlp", Set.of("jsonrpc", "flow")),
          entry("audit", union(CENTRE, Set.of("plugin", "otlp"))),
          entry("resilience", CENTRE),
          entry("agents", union(CENTRE, Set.of("resilience", "schema", "web"))),
          entry("telemetry", union(CENTRE, Set.of("otlp"))),
          entry("translation", CENTRE),
          entry("routing", CENTRE),
          entry("upstream", CENTRE),
          entry("downstream", union(CENTRE, Set.of("web"))),
          entry("admin", union(CENTRE, Set.of("telemetry", "web"))),
          entry("demo", Set.of()), // it stands for servers of other people
          entry("config", union(CENTRE, SETTINGS)));

  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @Test
  void everyPackageIsInTheTable() {
    var packages = OURS.stream().map(ArchitectureTest::owner).filter(owner -> !owner.isEmpty());

    assertThat(packages.distinct()).isNotEmpty().isSubsetOf(MAY_USE.keySet());
  }

  @Test
  void everyArrowIsInTheTable() {
    var forbidden =
        OURS.stream()
            .flatMap(ours -> ours.getDirectDependenciesFromSelf().stream())
            .filter(dependency -> isOurs(dependency.getTargetClass()))
            .filter(ArchitectureTest::isForbidden)
            .map(Dependency::getDescription);

    assertThat(forbidden).isEmpty();
  }

  @Test
  void packagesAreFreeOfCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(OURS);
  }

  @Test
  void theTableItselfOnlyNamesPackagesOfTheTable() {
    assertThat(MAY_USE.values().stream().flatMap(Set::stream)).isSubsetOf(MAY_USE.keySet());
  }

  private static boolean isForbidden(Dependency dependency) {
    var from = owner(dependency.getOriginClass());
    var to = owner(dependency.getTargetClass());
    return !from.isEmpty()
        && !from.equals(to)
        && !Objects.requireNonNullElse(MAY_USE.get(from), Set.of()).contains(to);
  }

  private static boolean isOurs(JavaClass target) {
    return (target.getBaseComponentType().getPackageName() + ".").startsWith(ROOT + ".");
  }

  /// The first part of a class's package below the root, empty for the root itself.
  private static String owner(JavaClass ours) {
    var name = ours.getBaseComponentType().getPackageName();
    return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1).split("\\.", 2)[0];
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    return Set.copyOf(Stream.concat(one.stream(), other.stream()).toList());
  }
}
