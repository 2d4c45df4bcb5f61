package io.watchgate.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.security.toolguard.PoisonTesting;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PoisonScoreTest {
  private final PoisonTesting poison = new PoisonTesting();

  @Test
  void everyPoisonedDefinitionIsFoundInEveryPlaceAndDisguise() {
    assertThat(new PoisonScore().run()).filteredOn(line -> !line.holds()).isEmpty();
  }

  @Test
  void noInnocentDefinitionIsAccused() {
    assertThat(PoisonCorpus.innocent()).hasSizeGreaterThan(300).noneMatch(poison::isPoisoned);
  }

  @Test
  void sixtyOrdersStandInFifteenPositions() {
    assertThat(PoisonCorpus.orders(false).size() + PoisonCorpus.orders(true).size())
        .isGreaterThanOrEqualTo(60);
    assertThat(PoisonCorpus.POSITIONS).hasSize(15);
  }

  @Test
  void whatIsFoundIsToldWithItsPlaceAndWithoutItsWords() {
    var place = Objects.requireNonNull(PoisonCorpus.POSITIONS.get("enum"));
    var said = poison.said(PoisonCorpus.poisoned(place, PoisonCorpus.orders(false).getFirst()));

    assertThat(said)
        .singleElement()
        .asString()
        .contains("keeps the user in the dark", "at /inputSchema/properties/a/enum/1")
        .doesNotContain("id_rsa");
  }
}
