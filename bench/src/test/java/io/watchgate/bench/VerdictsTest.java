package io.watchgate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictsTest {
  private static Figures figures(String contender, long calls, double micros) {
    var figures = new Figures("small, handshake, 32", contender);
    var latencies = Sample.histogram();
    for (int i = 0; i < calls; i++) {
      latencies.recordValue(1_000_000);
    }
    figures.addBusy(new Sample(latencies, 1_000_000_000L), micros);
    figures.addPaced(new Sample(latencies, 1_000_000_000L));
    return figures;
  }

  @Test
  void costIsComparedWithThatOfNginx() {
    var verdicts = Verdicts.of(List.of(figures("nginx", 100, 100), figures("watchgate", 50, 150)));
    assertThat(verdicts).hasSize(1);
    assertThat(verdicts.getFirst().figure()).isEqualTo(3);
    assertThat(verdicts.getFirst().holds()).isFalse();
    assertThat(verdicts.getFirst().line()).endsWith("| missed |");
  }

  @Test
  void thePeerThatMakesMostCallsIsTheOneToBeat() {
    var verdicts =
        Verdicts.of(
            List.of(
                figures("watchgate", 90, 1), figures("FastMCP", 10, 1), figures("LiteLLM", 60, 1)));
    assertThat(verdicts.getFirst().against()).isEqualTo("LiteLLM");
    assertThat(verdicts.getFirst().figure()).isEqualTo(1.5);
    assertThat(verdicts.getFirst().holds()).isTrue();
  }

  @Test
  void whatFailedIsNotCompared() {
    var failed = figures("nginx", 100, 100);
    failed.fail("does not listen");
    assertThat(Verdicts.of(List.of(failed, figures("watchgate", 50, 150)))).isEmpty();
  }

  @Test
  void thePartOfThePageBetweenTheMarksIsReplaced() {
    var figures = List.of(figures("nginx", 100, 100));
    var page = new Page(figures, Verdicts.of(figures), "a machine");
    var text = page.into("before\n" + Page.BEGIN + "\nold\n" + Page.END + "\nafter\n");
    assertThat(text).startsWith("before\n").endsWith(Page.END + "\nafter\n");
    assertThat(text).contains("a machine", "| nginx | 1.0 |").doesNotContain("old");
  }
}
