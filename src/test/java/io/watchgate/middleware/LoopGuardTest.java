package io.watchgate.middleware;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.config.TestOptions;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoopGuardTest {
  private static final LoopGuardFactory FACTORY = new LoopGuardFactory();
  private static final TestExchange CALL =
      TestExchange.call("files", "read_file", "{\"path\":\"/tmp/a\",\"lines\":[1,2]}");

  private final TestHome home = new TestHome();

  private static Verdict judge(Plugin plugin, TestExchange call) {
    return call.judged(plugin);
  }

  private static void passes(Plugin plugin, TestExchange call, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(judge(plugin, call)).isEqualTo(Verdict.PASS);
    }
  }

  @Test
  void theSixthIdenticalCallWithinAMinuteIsBlockedAndToldWhatToDo() {
    var plugin = home.make(FACTORY, "");
    passes(plugin, CALL, 5);
    home.turn(Duration.ofSeconds(18));

    assertThat(judge(plugin, CALL))
        .isEqualTo(
            new Verdict.Block(
                "read_file was called 5 times with the same arguments within 60 s: use the result"
                    + " there is, other arguments, or wait 42 s"));
    assertThat(plugin.status()).hasToString("{\"repeats\":1,\"action\":\"block\"}");
    assertThat(plugin.metrics().getFirst().value()).isEqualTo(1);
  }

  @Test
  void argumentsAreTheSameHoweverTheyAreSpelled() {
    var plugin = home.make(FACTORY, "max_repeats: 1");
    passes(plugin, CALL, 1);
    var other = "{ \"lines\": [1, 2], \"p\\u0061th\": \"\\/tmp/a\" }";

    assertThat(judge(plugin, TestExchange.call("files", "read_file", other)))
        .isInstanceOf(Verdict.Block.class);
  }

  @Test
  void callsThatDifferInAnythingDoNotCountTogether() {
    var plugin = home.make(FACTORY, "max_repeats: 1");
    passes(plugin, CALL, 1);
    passes(plugin, CALL.in("session-2"), 1);
    passes(plugin, TestExchange.call("files", "stat", CALL.params().toString()), 1);
    passes(plugin, TestExchange.call("web", "read_file", "{\"lines\":[1,2]}"), 1);
    passes(plugin, TestExchange.call("files", "read_file", "{\"lines\":[2,1]}"), 1);
    passes(plugin, CALL.of("prompts/get", CALL.params()), 3);
  }

  @Test
  void whatIsOlderThanTheWindowIsForgotten() {
    var plugin = home.make(FACTORY, "{max_repeats: 2, window: 10s}");
    passes(plugin, CALL, 1);
    home.turn(Duration.ofSeconds(6));
    passes(plugin, CALL, 1);
    home.turn(Duration.ofMillis(3999));
    assertThat(judge(plugin, CALL)).isInstanceOf(Verdict.Block.class);
    home.turn(Duration.ofMillis(1));
    passes(plugin, CALL, 1);
    assertThat(judge(plugin, CALL)).isInstanceOf(Verdict.Block.class);
  }

  @Test
  void blockedCallsDoNotCountSoThatPollingGoesOnSlowly() {
    var plugin = home.make(FACTORY, "{max_repeats: 1, window: 10s}");
    passes(plugin, CALL, 1);
    for (int i = 0; i < 9; i++) {
      home.turn(Duration.ofSeconds(1));
      assertThat(judge(plugin, CALL)).isInstanceOf(Verdict.Block.class);
    }
    home.turn(Duration.ofSeconds(1));
    passes(plugin, CALL, 1);
  }

  @Test
  void aClockThatIsSetBackBlocksNobodyForLong() {
    var plugin = home.make(FACTORY, "max_repeats: 1");
    passes(plugin, CALL, 1);
    home.turn(Duration.ofHours(-1));
    passes(plugin, CALL, 1);
  }

  @Test
  void aWarningLetsTheCallGo() {
    var plugin = home.make(FACTORY, "{max_repeats: 2, action: warn}");
    passes(plugin, CALL, 2);

    var warning =
        new Verdict.Pass("read_file was called 2 times with the same arguments within 60 s");
    assertThat(judge(plugin, CALL)).isEqualTo(warning);
    assertThat(judge(plugin, CALL)).isEqualTo(warning);
  }

  @Test
  void toolsCanBeNamedAndLeftOut() {
    var plugin = home.make(FACTORY, "{max_repeats: 1, tools: ['read_*'], except: [read_status]}");
    passes(plugin, TestExchange.call("files", "write", "{}"), 3);
    passes(plugin, TestExchange.call("files", "read_status", "{}"), 3);
    passes(plugin, CALL, 1);
    assertThat(judge(plugin, CALL)).isInstanceOf(Verdict.Block.class);
  }

  @Test
  void manyDifferentCallsPushOutTheOldestOnly() {
    var plugin = home.make(FACTORY, "max_repeats: 1");
    passes(plugin, CALL, 1);
    for (int i = 0; i < 10_000; i++) {
      passes(plugin, TestExchange.call("files", "read_file", "{\"n\":" + i + "}"), 1);
    }
    passes(plugin, CALL, 1);
    var newest = TestExchange.call("files", "read_file", "{\"n\":9999}");
    assertThat(judge(plugin, newest)).isInstanceOf(Verdict.Block.class);
  }

  @Test
  void aLargeCallIsComparedAsItIsSpelled() {
    var plugin = home.make(FACTORY, "max_repeats: 1");
    var large = "{\"a\":\"" + "x".repeat(300_000) + "\",\"b\":1}";
    passes(plugin, TestExchange.call("files", "write", large), 1);
    passes(plugin, TestExchange.call("files", "write", large.replace("\"b\":1", "\"b\": 1")), 1);
    assertThat(judge(plugin, TestExchange.call("files", "write", large)))
        .isInstanceOf(Verdict.Block.class);
  }

  @Test
  void boundsThatMakeNoSenseAreReported() {
    assertThat(TestOptions.problems(FACTORY, "{max_repeats: 0, window: 0, action: stop}"))
        .hasSize(3);
    assertThat(TestOptions.problems(FACTORY, "window: 25h").getFirst()).contains("at most 24 h");
  }
}
