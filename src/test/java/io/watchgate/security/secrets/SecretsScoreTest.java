package io.watchgate.security.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SecretsScoreTest {
  private final SecretsScore score = new SecretsScore();

  @Test
  void secretsOfTheHeldBackCorpusAreFoundAndLittleElse() {
    var whole = score.run().getLast();

    assertThat(whole.recall()).isGreaterThanOrEqualTo(0.95);
    assertThat(whole.precision()).isGreaterThanOrEqualTo(0.95);
    assertThat(whole.innocent()).isGreaterThanOrEqualTo(2000);
  }

  @Test
  void noFamilyIsMissed() {
    assertThat(score.run()).allMatch(line -> line.recall() >= 0.8);
  }

  @Test
  void rulesAreOfAHundredFamiliesAndMore() {
    var families = RuleFile.ours().stream().map(Rule::type).collect(Collectors.toSet());

    assertThat(families).hasSizeGreaterThan(100);
  }
}
