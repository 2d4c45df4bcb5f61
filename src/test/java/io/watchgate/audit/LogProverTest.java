package io.watchgate.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogProverTest {
  @TempDir private Path directory = Path.of("");

  private Path active = Path.of("");

  @BeforeEach
  void nameTheLog() {
    active = directory.resolve("logs/audit.jsonl");
  }

  private TestLog log() throws IOException {
    return TestLog.create(active, directory.resolve("keys"));
  }

  private Trust trust() throws IOException {
    return Trust.local(directory.resolve("keys"));
  }

  private Proof prove(long seq) throws IOException, BrokenLog {
    return new LogProver(trust(), _ -> {}).prove(active, seq);
  }

  @Test
  void everyLineUpToTheCheckpointIsProved() throws Exception {
    try (var log = log().addCalls(3).sign().rotate().addCalls(5).rotate().compress(4).sign()) {
      log.addCalls(1);
      for (long seq = 1; seq < log.size(); seq++) {
        var proof = prove(seq);
        var read = Proof.parse(proof.json().toBytes()).orElseThrow();

        assertThat(read).isEqualTo(proof);
        assertThat(proof.line()).startsWith("{\"seq\":" + seq + ",");
        assertThat(read.verify(Trust.named(List.of(log.vkey()))))
            .hasValue(new Proof.Shown("watchgate/test", seq, log.size() - 1));
      }
      assertThatThrownBy(() -> prove(log.size()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no signed checkpoint covers line 11");
    }
  }

  @Test
  void linesOfALogWhoseFirstFilesWereRemovedAreProved() throws Exception {
    try (var log = log().addCalls(5).rotate().addCalls(5).sign()) {
      Files.delete(log.files().closed(1));

      for (long seq = 6; seq <= log.size(); seq++) {
        assertThat(prove(seq).verify(trust())).isPresent();
      }
      assertThatThrownBy(() -> prove(5)).hasMessageContaining("line 5 was removed");
    }
  }

  @Test
  void aProofOfAnythingElseShowsNothing() throws Exception {
    log().addCalls(9).sign().close();
    var proof = prove(4);
    var line = proof.line();

    for (var forged :
        List.of(
            new Proof(line.replace("read", "reed"), proof.checkpoint(), proof.path()),
            new Proof(line.replace(":4,", ":5,"), proof.checkpoint(), proof.path()),
            new Proof("{}", proof.checkpoint(), proof.path()),
            new Proof(line, proof.checkpoint().replace("\n9\n", "\n8\n"), proof.path()),
            new Proof(line, "nothing", proof.path()),
            new Proof(line, proof.checkpoint(), proof.path().reversed()),
            new Proof(line, proof.checkpoint(), List.of("?")))) {
      assertThat(forged.verify(trust())).isEmpty();
    }
    var others = SigningKey.in(directory.resolve("others")).verifier().vkey();
    assertThat(proof.verify(Trust.named(List.of(others)))).isEmpty();
  }

  @Test
  void whatIsNoProofIsNotRead() {
    for (var text : List.of("", "[]", "{\"line\":1,\"checkpoint\":\"\"}", "{\"line\":\"\"}")) {
      assertThat(Proof.parse(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(Optional.empty());
    }
  }

  @Test
  void aLogThatDoesNotVerifyProvesNothing() throws Exception {
    log().addCalls(9).sign().close();
    Files.writeString(active, Files.readString(active).replaceFirst("read", "reed"));

    assertThatThrownBy(() -> prove(4))
        .isInstanceOfSatisfying(
            BrokenLog.class, broken -> assertThat(broken.fault().seq()).isEqualTo(1));
    Files.writeString(active, Files.readString(active).replaceFirst("reed", "read"));
    var lines = Files.readAllLines(active);
    Files.write(active, lines.subList(0, 7));
    assertThatThrownBy(() -> prove(4)).isInstanceOf(BrokenLog.class);
  }

  @Test
  void whoHasSeveralLogsNamesOne() throws Exception {
    log().addCalls(1).sign().close();
    TestLog.create(active.resolveSibling("b.jsonl"), directory.resolve("keys")).close();

    assertThatThrownBy(() -> new LogProver(trust(), _ -> {}).prove(directory.resolve("logs"), 1))
        .hasMessageContaining("several logs")
        .hasMessageContaining("b.jsonl");
  }
}
