package io.watchgate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.audit.AuditLog.Outside;
import io.watchgate.audit.LogSettings.Durability;
import io.watchgate.audit.LogSettings.Retain;
import io.watchgate.audit.LogSettings.Rotate;
import io.watchgate.flow.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a gateway writes, read by what verifies.
class WriterAndVerifierTest {
  private static final LogSettings SMALL_FILES =
      LogSettings.STANDARD.with(Durability.STRICT).with(new Rotate(2_000, Duration.ofHours(1)));

  @TempDir private Path directory = Path.of("");

  private Path file = Path.of("");

  @BeforeEach
  void nameTheLog() {
    file = directory.resolve("a/audit.jsonl");
  }

  private void write(LogSettings settings, int records) throws Exception {
    var keys = directory.resolve("keys");
    var outside = new Outside(Disk.REAL, Time.REAL, () -> Instant.EPOCH, keys, new Random(1));
    var log = AuditLog.open(file, settings, outside);
    for (int i = 0; i < records; i++) {
      log.record(TestRecords.request("r" + i)).await();
    }
    log.close();
  }

  private Verdict verdict() throws IOException {
    var trust = Trust.local(directory.resolve("keys"));
    return new LogVerifier(trust, List.of(), _ -> {}).verify(file).getFirst();
  }

  @Test
  void whatIsWrittenVerifiesToItsLastLine() throws Exception {
    write(SMALL_FILES, 100);
    write(SMALL_FILES, 10);
    var verdict = verdict();

    assertThat(verdict.fault()).isEmpty();
    assertThat(verdict.files()).isGreaterThan(5);
    assertThat(verdict.lines()).isGreaterThan(110);
    assertThat(verdict.sealed()).isEqualTo(verdict.lastSeq());
  }

  @Test
  void whatIsLeftAfterOldFilesWereRemovedVerifies() throws Exception {
    write(SMALL_FILES.with(new Retain(2, Duration.ofDays(1_000_000))), 100);
    write(SMALL_FILES.with(new Retain(2, Duration.ofDays(1_000_000))), 1);
    var verdict = verdict();

    assertThat(verdict.firstSeq()).isGreaterThan(1);
    assertThat(verdict.fault()).isEmpty();
  }

  @Test
  void aTornLineThatWasCutAtTheNextStartIsNoFault() throws Exception {
    write(SMALL_FILES, 3);
    Files.writeString(file, "{\"seq\":4,\"time", StandardOpenOption.APPEND);
    assertThat(verdict().fault()).isPresent();
    write(SMALL_FILES, 1);

    assertThat(verdict().fault()).isEmpty();
    assertThat(Files.readString(file)).contains("audit/recovered");
  }

  @Test
  void aTailThatWasCutBetweenTwoRunsIsNamedForEver() throws Exception {
    write(LogSettings.STANDARD, 5);
    var lines = Files.readAllLines(file);
    Files.write(file, lines.subList(0, 3));
    assertThat(verdict().fault().orElseThrow().what()).contains("ends with line 3");
    write(LogSettings.STANDARD, 5);
    write(LogSettings.STANDARD, 5);

    var fault = verdict().fault().orElseThrow();
    assertThat(fault.seq()).isEqualTo(4);
    assertThat(fault.what()).contains("signed lines were missing");
  }

  @Test
  void everyLineIsProved() throws Exception {
    write(SMALL_FILES, 30);
    var trust = Trust.local(directory.resolve("keys"));
    var proof = new LogProver(trust, _ -> {}).prove(file, 17);

    assertThat(proof.verify(trust)).isPresent();
    assertThat(proof.line()).startsWith("{\"seq\":17,");
  }
}
