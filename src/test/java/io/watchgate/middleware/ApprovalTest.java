package io.watchgate.middleware;

import static io.watchgate.middleware.TestExchange.json;
import static io.watchgate.middleware.TestExchange.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.config.TestOptions;
import io.watchgate.jsonrpc.Json;
import io.watchgate.middleware.WaitingCalls.Decision;
import io.watchgate.middleware.WaitingCalls.Waiting;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApprovalTest {
  private static final ApprovalFactory FACTORY = new ApprovalFactory();
  private static final String DELETE = "tools: ['delete_*']";
  private static final TestExchange CALL =
      TestExchange.call("files", "delete_file", "{\"path\":\"/tmp/a\\u001b[2J\\u202e\"}");
  private static final Verdict APPROVED = new Verdict.Pass("approved by a person");
  private static final Verdict DENIED =
      new Verdict.Block("a person denied the call of delete_file");
  private static final Verdict EXPIRED =
      new Verdict.Block("nobody approved the call of delete_file within 50 s");

  @TempDir private Path state = Path.of("");
  private TestHome home = new TestHome();
  private WaitingCalls calls = new WaitingCalls(Path.of(""));
  private final List<Waiting> seen = new ArrayList<>();

  @BeforeEach
  void atHome() {
    home = new TestHome(state);
    calls = new WaitingCalls(state);
  }

  private static Verdict judge(Plugin plugin, TestExchange call) {
    return call.judged(plugin);
  }

  private static TestExchange answering(String answer) {
    return CALL.asking((_, _, _) -> Optional.of(json(answer)));
  }

  /// Somebody at the command line, who decides all that waits.
  private void decides(Decision decision) {
    home.meanwhile(() -> {
      for (var call : waiting()) {
        seen.add(call);
        try {
          assertThat(calls.decide(call.id(), decision, home.instant())).contains(call);
        } catch (IOException failure) {
          throw new UncheckedIOException(failure);
        }
      }
    });
  }

  private List<Waiting> waiting() {
    try {
      return calls.list(home.instant());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(state.resolve("approvals"))) {
      return files.toList();
    }
  }

  @Test
  void theClientIsAskedWithTheArgumentsForAPersonToRead() {
    var asked = new ArrayList<String>();
    var call =
        CALL.asking((method, question, patience) -> {
          asked.add(method + " " + patience.toSeconds());
          asked.add(question.textMember("message").orElseThrow());
          assertThat(question.member("requestedSchema").orElseThrow())
              .hasToString("{\"type\":\"object\",\"properties\":{}}");
          return Optional.of(json("{\"action\":\"accept\",\"content\":{}}"));
        });

    assertThat(judge(home.make(FACTORY, DELETE), call)).isEqualTo(APPROVED);
    assertThat(asked)
        .containsExactly(
            "elicitation/create 50",
            "May delete_file of the server files be called with these arguments?\n"
                + "{\"path\":\"/tmp/a\\u001b[2J\\u202e\"}");
  }

  @Test
  void whateverElseTheClientAnswersIsADenial() {
    var plugin = home.make(FACTORY, DELETE);

    for (var answer : List.of("{\"action\":\"decline\"}", "{\"action\":\"cancel\"}", "{}")) {
      assertThat(judge(plugin, answering(answer))).as(answer).isEqualTo(DENIED);
    }
  }

  @Test
  void aCallWaitsOnTheListWhereTheClientCannotBeAsked() throws IOException {
    var plugin = home.make(FACTORY, DELETE);
    decides(Decision.APPROVED);

    assertThat(judge(plugin, CALL)).isEqualTo(APPROVED);
    assertThat(seen)
        .singleElement()
        .satisfies(call -> {
          assertThat(call.server()).isEqualTo("files");
          assertThat(call.tool()).isEqualTo("delete_file");
          assertThat(call.principal() + call.client()).isEqualTo("aliceeditor");
          assertThat(call.arguments()).isEqualTo("{\"path\":\"/tmp/a\\u001b[2J\\u202e\"}");
          assertThat(Duration.between(call.since(), call.until()))
              .isEqualTo(Duration.ofSeconds(50));
        });
    assertThat(files()).isEmpty();
  }

  @Test
  void whoRunsTheGatewayCanDeny() throws IOException {
    var plugin = home.make(FACTORY, "{tools: [delete_file], by: command}");
    decides(Decision.DENIED);

    assertThat(judge(plugin, answering("{\"action\":\"accept\"}"))).isEqualTo(DENIED);
    assertThat(files()).isEmpty();
  }

  @Test
  void nobodysWordIsADenial() throws IOException {
    var plugin = home.make(FACTORY, DELETE);
    home.meanwhile(() -> seen.addAll(waiting()));
    var start = home.instant();

    assertThat(judge(plugin, CALL)).isEqualTo(EXPIRED);
    assertThat(Duration.between(start, home.instant())).isEqualTo(Duration.ofSeconds(50));
    assertThat(seen).isNotEmpty();
    assertThat(files()).isEmpty();
    var onlyClient = home.make(FACTORY, "{tools: [delete_file], by: client}");
    assertThat(judge(onlyClient, CALL)).isEqualTo(EXPIRED);
  }

  @Test
  void aDecisionInTheLastMomentCounts() {
    var plugin = home.make(FACTORY, "{tools: [delete_file], timeout: 250ms}");
    home.meanwhile(() -> {
      home.turn(Duration.ofMillis(-1));
      try {
        var id = waiting().getFirst().id();
        assertThat(calls.decide(id, Decision.APPROVED, home.instant())).isPresent();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
      home.turn(Duration.ofMillis(1));
    });

    assertThat(judge(plugin, CALL)).isEqualTo(APPROVED);
  }

  @Test
  void aClientThatTookAllTheTimeLeavesNoneForOthers() throws IOException {
    var plugin = home.make(FACTORY, DELETE);
    var silent =
        CALL.asking((_, _, patience) -> {
          home.turn(patience);
          return Optional.empty();
        });

    assertThat(judge(plugin, silent)).isEqualTo(EXPIRED);
    assertThat(files()).isEmpty();
  }

  @Test
  void aCallThatIsTakenBackLeavesTheList() throws IOException {
    var plugin = home.make(FACTORY, DELETE);
    home.meanwhile(() -> Thread.currentThread().interrupt());

    assertThatThrownBy(() -> judge(plugin, CALL)).isInstanceOf(CancellationException.class);
    assertThat(files()).isEmpty();
    assertThat(plugin.status().toString()).contains("\"waiting\":0");
  }

  @Test
  void onlyWhatIsMeantWaits() {
    var plugin = home.make(FACTORY, "{tools: ['delete_*'], except: [delete_draft]}");

    for (var tool : List.of("read_file", "delete_draft")) {
      assertThat(judge(plugin, TestExchange.call("files", tool, "{}"))).isEqualTo(Verdict.PASS);
    }
    assertThat(judge(plugin, CALL.of("prompts/get", CALL.params()))).isEqualTo(Verdict.PASS);
  }

  @Test
  void toolsThatTheirServerCallsDestructiveWait() {
    var list =
        """
        {"tools":[{"name":"wipe","annotations":{"destructiveHint":true}},
        {"name":"add","annotations":{"destructiveHint":false}},
        {"name":"read","annotations":{"readOnlyHint":true}},{"name":"plain"}]}\
        """;

    assertThat(waiting("", list)).containsExactly("wipe");
    assertThat(waiting("destructive: assumed", list))
        .containsExactly("wipe", "plain", "never_listed");
    assertThat(waiting("destructive: ignored", list)).isEmpty();
  }

  private List<String> waiting(String options, String list) {
    var plugin = home.make(FACTORY, options);
    assertThat(TestExchange.list("files").answered(plugin, result(list))).isEqualTo(Verdict.PASS);
    return List.of("wipe", "add", "read", "plain", "never_listed").stream()
        .filter(tool -> !judge(plugin, TestExchange.call("files", tool, "{}")).equals(Verdict.PASS))
        .toList();
  }

  @Test
  void aDecisionCountsForTheSessionWhereThatIsWanted() {
    var plugin = home.make(FACTORY, "{tools: ['*'], remember: session}");
    var accepting = answering("{\"action\":\"accept\"}");

    assertThat(judge(plugin, accepting)).isEqualTo(APPROVED);
    assertThat(judge(plugin, CALL)).isEqualTo(APPROVED);
    assertThat(judge(plugin, CALL.in("session-2"))).isEqualTo(EXPIRED);
    assertThat(judge(plugin, CALL.in("session-2").asking(accepting.person()))).isEqualTo(APPROVED);
    var forgetful = home.make(FACTORY, DELETE);
    assertThat(judge(forgetful, accepting)).isEqualTo(APPROVED);
    assertThat(judge(forgetful, CALL)).isEqualTo(EXPIRED);
  }

  @Test
  void onlySoManyCallsWait() {
    var plugin = home.make(FACTORY, "{tools: ['*'], max_waiting: 1}");
    var second = new ArrayList<Verdict>();
    var first =
        CALL.asking((_, _, _) -> {
          second.add(judge(plugin, CALL));
          return Optional.of(json("{\"action\":\"accept\"}"));
        });

    assertThat(judge(plugin, first)).isEqualTo(APPROVED);
    assertThat(second)
        .containsExactly(new Verdict.Block("1 calls wait for approval already: try again later"));
    assertThat(plugin.status().member("approved").map(Json::toString)).contains("1");
  }

  @Test
  void theListIsForItsOwnerOnlyAndWholeAtAnyTime() throws IOException {
    var plugin = home.make(FACTORY, DELETE);
    var modes = new ArrayList<String>();
    home.meanwhile(() -> {
      try {
        for (var file : files()) {
          modes.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
          assertThat(Files.readString(file)).startsWith("{").endsWith("}");
        }
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
      home.turn(Duration.ofSeconds(50));
    });

    assertThat(judge(plugin, CALL)).isEqualTo(EXPIRED);
    assertThat(modes).containsExactly("rw-------");
    var directory = state.resolve("approvals");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwx------");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxr-x"));
    assertThatThrownBy(() -> home.make(FACTORY, DELETE)).hasMessageContaining("chmod 700");
  }

  @Test
  void whatAGatewayLeftThatEndedWithoutAWordIsRemoved() throws IOException {
    calls.open(home.instant());
    var old = home.instant().minusSeconds(60);
    calls.add(new Waiting("abcdef", old, old.plusSeconds(50), "a", "b", "c", "d", "{}"));
    calls.add(new Waiting("ghijkl", old, old.plusSeconds(90), "a", "b", "c", "d", "{}"));
    Files.writeString(state.resolve("approvals").resolve("other.waiting"), "no json");

    assertThat(waiting()).extracting(Waiting::id).containsExactly("ghijkl");
    home.make(FACTORY, DELETE);
    assertThat(files())
        .extracting(file -> file.getFileName().toString())
        .containsExactlyInAnyOrder("ghijkl.waiting", "other.waiting");
  }

  @Test
  void optionsThatMakeNoSenseAreReported() {
    assertThat(TestOptions.problems(FACTORY, "{timeout: 2h, by: me, max_waiting: 0}")).hasSize(3);
    assertThat(home.make(FACTORY, DELETE).metrics()).hasSize(4);
  }
}
