package io.watchgate.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.watchgate.simulation.Simulation.Outcome;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/// A whole gateway in worlds of their own: docs/development.md, "Simulation".
class SimulationTest {
  private static final int SEEDS = Integer.getInteger("simulation.seeds", 1000);
  private static final int SEEDS_FOR_MISCHIEF = 50;
  private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.watchgate");

  @TempDir private static Path directory;

  @BeforeAll
  static void silence() {
    LOG.setLevel(Level.OFF); // a thousand worlds have a lot to complain about
  }

  @AfterAll
  static void speak() {
    LOG.setLevel(null);
  }

  @Test
  void gatewayKeepsItsPromisesUnderEverySeed() throws ReflectiveOperationException {
    var single = Long.getLong("simulation.seed");
    if (single != null) {
      assertThat(report(single)).contains("all is well");
      return;
    }
    var counts = new TreeMap<String, Integer>();
    for (long seed = 0; seed < SEEDS; seed++) {
      var outcome = run(seed, Mischief.NONE);
      if (outcome.wrong().isPresent()) {
        throw new AssertionError(report(seed));
      }
      outcome.counts().forEach((what, count) -> counts.merge(what, count, Integer::sum));
    }
    assertSomethingHappened(counts);
  }

  /// Nothing goes wrong in a world in which nothing happens.
  private static void assertSomethingHappened(Map<String, Integer> counts) {
    assertThat(counts)
        .containsKeys("answered", "refused", "cancelled", "executed", "crashed", "progress")
        .containsKeys("asked for input", "updates");
    assertThat(counts.get("answered")).as("%s", counts).isGreaterThan(counts.get("refused"));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyMischiefIsFound(Mischief mischief) throws ReflectiveOperationException {
    boolean isFound = false;
    for (long seed = 0; seed < SEEDS_FOR_MISCHIEF && !isFound; seed++) {
      isFound = run(seed, mischief).wrong().filter(mischief::isItsDoing).isPresent();
    }
    assertThat(isFound).isTrue();
  }

  @Test
  void sameSeedTellsTheSameStory() {
    assertThat(LongStream.range(0, 20))
        .allSatisfy(seed ->
            assertThat(run(seed, Mischief.NONE).story())
                .isEqualTo(run(seed, Mischief.NONE).story()));
  }

  private static Outcome run(long seed, Mischief mischief) throws ReflectiveOperationException {
    return Simulation.run(seed, mischief, directory);
  }

  /// The story of a seed with what the gateway logs meanwhile.
  private static String report(long seed) throws ReflectiveOperationException {
    var outcome = Simulation.runWithLog(seed, directory, LOG);
    return """
    seed %d: %s
    %s
    again: mvn -B test -Dtest=SimulationTest -Dsimulation.seed=%1$d
    """
        .formatted(seed, outcome.wrong().orElse("all is well"), String.join("\n", outcome.story()));
  }
}
