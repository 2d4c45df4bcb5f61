package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.config.TestOptions;
import io.watchgate.flow.Time;
import io.watchgate.middleware.ApprovalFactory;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.TestExchange;
import io.watchgate.plugin.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ApprovalsCommandTest {
  @TempDir private Path state = Path.of("");

  private Captured approvals(String... arguments) {
    var all = new String[arguments.length + 3];
    all[0] = "approvals";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[all.length - 2] = "--state";
    all[all.length - 1] = state.toString();
    return Captured.run(all);
  }

  private CompletableFuture<Verdict> called(Plugin plugin, String arguments) {
    var call =
        TestExchange.of(
            "tools/call", "{\"name\":\"delete\\u001b[2J\",\"arguments\":" + arguments + "}");
    var content = new Content(Content.Kind.PARAMS, call.params());
    var verdict = new CompletableFuture<Verdict>();
    var task = new FutureTask<>(() -> verdict.complete(plugin.onRequest(call, content)));
    Thread.ofVirtual().start(task);
    return verdict;
  }

  private Plugin plugin() throws IOException {
    var home = new Home(state, InstantSource.system(), Time.REAL::pass, new Random(1));
    return new ApprovalFactory().read(TestOptions.of("tools: ['delete*']")).make(home);
  }

  private String waitingId() {
    await().until(() -> approvals("list").out().contains("delete"));
    return approvals("list").out().substring(0, 6);
  }

  @Test
  void aCallIsShownSafelyAndGoesWhenItIsApproved() throws IOException {
    var verdict = called(plugin(), "{\"a\":\"\u202e" + "x".repeat(2000) + "\"}");
    var id = waitingId();

    var list = approvals("list").out();
    assertThat(list)
        .contains(" delete\\u{1b}[2J of files, for test (anna), since ", " s more")
        .contains("{\"a\":\"\\u{202e}xxx", " more characters)")
        .doesNotContain("\u001b", "\u202e");
    assertThat(approvals("list", "--full").out()).contains("x".repeat(2000));
    var approved = approvals("approve", id);
    assertThat(approved).isEqualTo(new Captured(0, "Approved: delete\\u{1b}[2J of files\n", ""));
    assertThat(verdict.join()).isEqualTo(new Verdict.Pass("approved by a person"));
    assertThat(approvals("list").out()).isEqualTo("Nothing waits for approval.\n");
  }

  @Test
  void aCallThatIsDeniedIsRefused() throws IOException {
    var verdict = called(plugin(), "{}");

    assertThat(approvals("deny", waitingId()).code()).isZero();
    assertThat(verdict.join()).isInstanceOf(Verdict.Block.class);
  }

  @Test
  void whatDoesNotWaitCannotBeDecided() {
    var gone = approvals("approve", "../x");

    assertThat(gone.code()).isEqualTo(1);
    assertThat(gone.err()).contains("no call waits as \"../x\"", "`watchgate approvals`");
    assertThat(approvals("list").out()).isEqualTo("Nothing waits for approval.\n");
    assertThat(Captured.run("approvals", "--help").out()).contains("approve", "deny", "list");
  }
}
