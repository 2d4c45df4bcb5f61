package io.watchgate.middleware;

import static io.watchgate.middleware.TestExchange.json;
import static io.watchgate.middleware.TestExchange.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.watchgate.config.TestOptions;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.Moment;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("peers") // needs Python
@Timeout(60)
class ProcessPluginTest {
  private static final ProcessPluginFactory FACTORY = new ProcessPluginFactory();
  private static final TestExchange CALL =
      TestExchange.call("files", "read_file", "{\"path\":\"/tmp/TICKET-17\"}");
  private static final Executor CALLS = Executors.newVirtualThreadPerTaskExecutor();

  private final List<Plugin> plugins = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private final Semaphore restarts = new Semaphore(0);

  @AfterEach
  void end() {
    restarts.release(1000);
    plugins.forEach(Plugin::close);
  }

  /// Pauses before a start are over when the test says so.
  private void pass(Duration pause) throws InterruptedException {
    boolean isStart = Thread.currentThread().getName().startsWith("keeper");
    if (!isStart || pause.compareTo(Duration.ofMillis(500)) < 0) {
      Time.REAL.pass(pause);
    } else {
      synchronized (pauses) {
        pauses.add(pause);
      }
      restarts.acquire();
    }
  }

  private Plugin plugin(String options) throws IOException {
    var home = new Home(Path.of("unused"), InstantSource.system(), this::pass, new Random(1));
    var plugin = FACTORY.read(TestOptions.of(options)).make(home);
    plugins.add(plugin);
    return plugin;
  }

  /// A child that runs some lines of Python, with what it needs in place.
  private Plugin python(String more, String... lines) throws IOException {
    var script = "import sys, json, os, time\n" + String.join("\n", lines);
    var command = List.of(Json.string("python3"), Json.string("-c"), Json.string(script));
    return plugin("{command: " + Json.array(command) + more + "}");
  }

  private static Verdict judge(Plugin plugin, TestExchange call) {
    return call.judged(plugin);
  }

  @Test
  void theExampleInPythonJudges() throws IOException {
    var plugin = plugin("command: [python3, examples/plugins/ticket_guard.py]");

    assertThat(judge(plugin, CALL))
        .isEqualTo(
            new Verdict.Replace(
                json("{\"name\": \"read_file\", \"arguments\": {\"path\": \"/tmp/[ticket]\"}}"),
                "ticket numbers are hidden"));
    assertThat(judge(plugin, TestExchange.call("files", "empty_archive", "{}")))
        .isEqualTo(new Verdict.Block("the archive is never emptied"));
    assertThat(judge(plugin, TestExchange.call("files", "ping_archive", "{}")))
        .isInstanceOfSatisfying(
            Verdict.Complete.class,
            complete -> {
              assertThat(complete.answer().kind()).isEqualTo(Content.Kind.RESULT);
              assertThat(complete.answer().json().toString()).contains("the archive is there");
            });
    assertThat(CALL.answered(plugin, result("{\"content\":[]}"))).isEqualTo(Verdict.PASS);
    assertThat(plugin.status())
        .hasToString("{\"running\":true,\"pending\":0,\"questions\":4,\"restarts\":0}");
  }

  @Test
  void aQuestionSaysWhatTheMessageBelongsTo() throws IOException {
    var plugin =
        python(
            "",
            "for line in sys.stdin:",
            "  q = json.loads(line)",
            "  print(json.dumps({'id': q.pop('id'), 'verdict': 'block', 'reason':"
                + " json.dumps(q, sort_keys=True)}), flush=True)");
    var verdict = CALL.answered(plugin, result("{\"n\":\n1.0}"));

    assertThat(((Verdict.Block) verdict).reason())
        .isEqualTo(
            "{\"content\": {\"n\": 1.0}, \"exchange\": {\"client\": \"editor\", \"direction\":"
                + " \"to_server\", \"elapsed_ms\": 45, \"id\": \"id-7\", \"method\":"
                + " \"tools/call\", \"name\": \"read_file\", \"params\": {\"arguments\":"
                + " {\"path\": \"/tmp/TICKET-17\"}, \"name\": \"read_file\"}, \"principal\":"
                + " \"alice\", \"server\": \"files\", \"session\": \"session-1\"}, \"judge\":"
                + " \"response\", \"kind\": \"result\"}");
  }

  @Test
  void answersComeInAnyOrder() throws IOException {
    var plugin =
        python(
            "",
            "asked = [json.loads(sys.stdin.readline()) for _ in range(20)]",
            "for q in reversed(asked):",
            "  print(json.dumps({'id': q['id'], 'verdict': 'block', 'reason':"
                + " q['content']['name']}), flush=True)",
            "sys.stdin.read()");
    var verdicts = new ArrayList<CompletableFuture<Verdict>>();
    for (int i = 0; i < 20; i++) {
      var call = TestExchange.call("files", "tool" + i, "{}");
      verdicts.add(CompletableFuture.supplyAsync(() -> judge(plugin, call), CALLS));
    }

    for (int i = 0; i < 20; i++) {
      assertThat(verdicts.get(i).join()).isEqualTo(new Verdict.Block("tool" + i));
    }
  }

  @Test
  void onlyWhatIsWantedIsAsked() throws IOException {
    var plugin =
        python(
            ", judges: [response], methods: ['tools/*']",
            "for line in sys.stdin:",
            "  print('{\"id\": %d, \"verdict\": \"block\"}' % json.loads(line)['id'], flush=True)");
    var content = result("{}");

    assertThat(plugin.moments()).containsExactly(Moment.RESPONSE);
    assertThat(CALL.of("prompts/get", CALL.params()).answered(plugin, content))
        .isEqualTo(Verdict.PASS);
    assertThat(CALL.answered(plugin, content)).isEqualTo(new Verdict.Block(""));
  }

  @Test
  void judgingFailsWhileTheProcessIsDownAndGoesOnBehindARestart() throws IOException {
    var plugin =
        python(
            "",
            "for line in sys.stdin:",
            "  q = json.loads(line)",
            "  if q['content']['name'] == 'die':",
            "    sys.exit('no more')",
            "  print('{\"id\": %d, \"verdict\": \"pass\"}' % q['id'], flush=True)");
    assertThat(judge(plugin, CALL)).isEqualTo(Verdict.PASS);

    for (int deaths = 1; deaths <= 3; deaths++) {
      assertThatThrownBy(() -> judge(plugin, TestExchange.call("files", "die", "{}")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("does not answer");
      assertThatThrownBy(() -> judge(plugin, CALL)).hasMessageContaining("does not answer");
      assertThat(plugin.status().toString()).contains("\"running\":false", "last_error");
      restarts.release();
      await().until(() -> plugin.status().toString().contains("\"running\":true"));
      assertThat(judge(plugin, CALL)).isEqualTo(Verdict.PASS);
    }
    synchronized (pauses) {
      assertThat(pauses).extracting(Duration::toMillis).containsExactly(500L, 1000L, 2000L);
    }
    assertThat(plugin.status().toString()).contains("\"restarts\":3");
  }

  @Test
  void whatIsNoAnswerIsNoVerdict() throws IOException {
    var plugin =
        python(
            ", max_line: 1024",
            "for line in sys.stdin:",
            "  q = json.loads(line)",
            "  print('hello\\n[]\\n\\n{\"id\": 99, \"verdict\": \"pass\"}\\n' + 'x' * 5000)",
            "  print(json.dumps({'id': q['id'], **q['content']['arguments']}), flush=True)");

    for (var answer :
        List.of(
            "{}",
            "{\"verdict\":\"allow\"}",
            "{\"verdict\":\"replace\"}",
            "{\"verdict\":\"replace\",\"content\":[]}",
            "{\"verdict\":\"complete\",\"error\":1}")) {
      assertThatThrownBy(() -> judge(plugin, TestExchange.call("files", "a", answer)))
          .as(answer)
          .isInstanceOf(IllegalStateException.class);
    }
    var error = "{\"verdict\":\"complete\",\"error\":{\"code\":1,\"message\":\"no\"}}";
    assertThat(judge(plugin, TestExchange.call("files", "a", error)))
        .isInstanceOfSatisfying(
            Verdict.Complete.class,
            complete -> assertThat(complete.answer().kind()).isEqualTo(Content.Kind.ERROR));
    var note = "{\"verdict\":\"pass\",\"reason\":\"looks odd\"}";
    assertThat(judge(plugin, TestExchange.call("files", "a", note)))
        .isEqualTo(new Verdict.Pass("looks odd"));
  }

  @Test
  void aQuestionThatIsNoLongerWantedIsForgotten() throws IOException {
    var plugin = python(", max_pending: 1", "sys.stdin.read()");
    var failure = new CompletableFuture<Throwable>();
    var caller =
        Thread.ofVirtual()
            .start(() -> {
              try {
                judge(plugin, CALL);
              } catch (CancellationException expected) {
                failure.complete(expected);
              }
            });
    await().until(() -> plugin.status().toString().contains("\"pending\":1"));

    assertThatThrownBy(() -> judge(plugin, CALL))
        .hasMessageContaining("has 1 questions to answer already");
    caller.interrupt();
    assertThat(failure.join()).isNotNull();
    await().until(() -> plugin.status().toString().contains("\"pending\":0"));
  }

  @Test
  void anAnswerThatTakesTooLongIsNone() throws IOException {
    var plugin = python(", timeout: 100ms", "sys.stdin.read()");

    assertThatThrownBy(() -> judge(plugin, CALL)).hasMessageContaining("no answer within 100 ms");
    assertThat(plugin.status().toString()).contains("\"pending\":0");
  }

  @Test
  void theEnvironmentIsMinimalAndTheProcessEndsWithThePlugin() throws IOException {
    var script =
        """
        read question
        names=$(env | cut -d= -f1 | tr '\n' ' ')
        echo '{"id":1,"verdict":"block","reason":"'"$$ $PWD $TOKEN $names"'"}'
        cat >/dev/null
        """;
    var command = Json.array(List.of(Json.string("sh"), Json.string("-c"), Json.string(script)));
    var plugin = plugin("{command: " + command + ", env: {TOKEN: abc}, cwd: /tmp}");
    var said = List.of(((Verdict.Block) judge(plugin, CALL)).reason().split(" "));

    assertThat(said).startsWith(said.getFirst(), "/tmp", "abc").contains("PATH", "TOKEN");
    assertThat(said.subList(3, said.size()))
        .isSubsetOf(
            "PATH", "HOME", "LANG", "TMPDIR", "USER", "TOKEN", "PWD", "OLDPWD", "SHLVL", "_");
    var process = ProcessHandle.of(Long.parseLong(said.getFirst())).orElseThrow();
    plugin.close();
    await().until(() -> !process.isAlive());
    assertThatThrownBy(() -> judge(plugin, CALL)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aProgramThatIsNotThereIsToldAtTheStart() {
    assertThatThrownBy(() -> plugin("command: [/nonexistent/judge]"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/nonexistent/judge");
    assertThat(TestOptions.problems(FACTORY, "").getFirst()).contains("command", "is missing");
    assertThat(TestOptions.problems(FACTORY, "{command: [a], judges: [answer], env: {A: [1]}}"))
        .hasSize(2);
  }
}
