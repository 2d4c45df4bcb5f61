package io.watchgate.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.scoring.ScoredPart.Line;
import org.junit.jupiter.api.Test;

class PersonalDataScoreTest {
  @Test
  void personalDataIsFoundAsWellAsIsPromised() {
    var lines = new PersonalDataScore().run();

    assertThat(lines).hasSizeGreaterThan(100);
    assertThat(lines).filteredOn(line -> !line.holds()).extracting(Line::family).isEmpty();
  }
}
