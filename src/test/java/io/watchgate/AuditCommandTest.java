package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.audit.TestLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditCommandTest {
  @TempDir private Path state = Path.of("");

  private Path log = Path.of("");

  @BeforeEach
  void nameTheLog() {
    log = state.resolve("audit/watchgate.jsonl");
  }

  private TestLog create(Path active) throws IOException {
    return TestLog.create(active, state.resolve("audit"));
  }

  private Captured audit(String... arguments) {
    var all = new ArrayList<>(List.of("audit"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--state", state.toString()));
    return Captured.run(all.toArray(String[]::new));
  }

  private void edit(String from, String to) throws IOException {
    Files.writeString(log, Files.readString(log).replaceFirst(from, to));
  }

  @Test
  void aSoundLogHasItsCountAndHeadTold() throws IOException {
    create(log).addCalls(9).rotate().sign().addCalls(2).close();
    var verified = audit("verify");

    assertThat(verified.code()).isZero();
    assertThat(verified.out())
        .contains("watchgate.jsonl verifies: 12 lines, seq 1 to 12, in 2 files")
        .containsPattern("head +[0-9a-f]{64}")
        .contains("up to 10; 2 behind it");
    assertThat(verified.err()).isEmpty();
    assertThat(audit("verify", log.toString()).out()).isEqualTo(verified.out());
    assertThat(audit("verify", log.resolveSibling("watchgate-000000000001.jsonl").toString()).out())
        .contains("one closed file alone");
  }

  @Test
  void aLogThatDoesNotVerifyHasItsFirstBadLineNamed() throws IOException {
    create(log).addCalls(9).sign().close();
    create(log.resolveSibling("other.jsonl")).addCalls(1).close();
    edit("r-4", "r-5");
    var verified = audit("verify");

    assertThat(verified.code()).isEqualTo(3);
    assertThat(verified.out())
        .contains("other.jsonl verifies", "none: lines that were cut off at the end do not show")
        .contains("watchgate.jsonl does not verify", "watchgate.jsonl, line 4 (seq 4)")
        .contains("what ", "means ", "it was changed after", "do ", "keep the files");
  }

  @Test
  void whatCannotBeReadIsNotVerified() throws IOException {
    assertThat(audit("verify", state.resolve("none").toString()).code()).isEqualTo(1);
    assertThat(audit("verify", state.toString()).err()).contains("no audit log is in");
    create(log).addCalls(1).sign().close();
    Files.delete(state.resolve("audit/signing.pub"));
    assertThat(audit("verify").code()).isEqualTo(1);
    assertThat(audit("verify").err()).contains("--key");
  }

  @Test
  void misuseIsNamed() throws IOException {
    create(log).addCalls(1).sign().close();

    assertThat(audit("verify", "--key", "nonsense").code()).isEqualTo(2);
    assertThat(audit("verify", "--key", "nonsense").err()).contains("signing.pub");
    assertThat(audit("verify", "--proof", "file", log.toString()).code()).isEqualTo(2);
    assertThat(audit("prove", "0").code()).isEqualTo(2);
    assertThat(audit("prove", "x").code()).isEqualTo(2);
  }

  @Test
  void aProofIsVerifiedWithoutTheLog() throws IOException {
    var written = create(log).addCalls(9).sign();
    written.close();
    var proof = Files.writeString(state.resolve("proof.json"), audit("prove", "4").out());
    Files.delete(log);
    var verified = audit("verify", "--proof", proof.toString(), "--key", written.vkey());

    assertThat(verified.code()).isZero();
    assertThat(verified.out()).contains("line 4 is in the log watchgate/test", "9 lines");
    Files.writeString(proof, Files.readString(proof).replace("r-4", "r-5"));
    assertThat(audit("verify", "--proof", proof.toString()).code()).isEqualTo(3);
    assertThat(audit("verify", "--proof", proof.toString()).out()).contains("proves nothing");
  }

  @Test
  void whatDoesNotVerifyIsNotProved() throws IOException {
    create(log).addCalls(9).sign().addCalls(1).close();
    assertThat(audit("prove", "10").code()).isEqualTo(1);
    assertThat(audit("prove", "10").err()).contains("no signed checkpoint covers line 10");
    edit("r-4", "r-5");

    assertThat(audit("prove", "1").code()).isEqualTo(3);
    assertThat(audit("prove", "1").err()).contains("line 4");
    assertThat(audit("prove", "1").out()).isEmpty();
  }

  @Test
  void auditAloneShowsWhatItCanDo() {
    assertThat(Captured.run("audit").out()).contains("verify", "prove", "show", "tail", "stats");
    for (var command : List.of("verify", "prove", "show", "tail", "stats")) {
      var help = Captured.run("audit", command, "--help");
      assertThat(help.code()).isZero();
      assertThat(help.out()).contains("watchgate audit " + command, "--state", "PATH");
    }
    assertThat(Captured.run("--help").out()).contains("audit", "3 an audit log does not verify");
  }
}
