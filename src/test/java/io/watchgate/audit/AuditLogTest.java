package io.watchgate.audit;

import static io.watchgate.audit.TestRecords.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.audit.AuditLog.Outside;
import io.watchgate.audit.LogSettings.Durability;
import io.watchgate.audit.LogSettings.Retain;
import io.watchgate.audit.LogSettings.Rotate;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
  private static final LogSettings STRICT = LogSettings.STANDARD.with(Durability.STRICT);
  private static final LogSettings SMALL_FILES =
      new LogSettings(
          Durability.STRICT,
          LogSettings.STANDARD.window(),
          new Rotate(2_000, Duration.ofHours(1)),
          LogSettings.STANDARD.retain(),
          false,
          LogSettings.STANDARD.checkpoints());

  @TempDir private Path directory = Path.of("");

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private Path file = Path.of("");

  @BeforeEach
  void nameTheLog() {
    file = directory.resolve("a/audit.jsonl");
  }

  @Test
  void recordsOfManyThreadsAreOneChain() throws IOException {
    var log = open(LogSettings.STANDARD);
    IntStream.range(0, 5_000).parallel().forEach(i -> log.record(request("r" + i)));
    log.close();

    assertThat(written().ids()).hasSize(5_000).doesNotHaveDuplicates();
  }

  @Test
  void filesAndDirectoriesAreForTheOwnerAlone() throws IOException {
    open(LogSettings.STANDARD).close();

    try (var files = Files.list(file.resolveSibling(""))) {
      assertThat(files.filter(each -> !each.endsWith("signing.pub")))
          .isNotEmpty()
          .allMatch(each -> permissions(each).equals("rw-------"));
    }
    assertThat(permissions(file.resolveSibling(""))).isEqualTo("rwx------");
  }

  private static String permissions(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aStrictReceiptComesWhenTheLineIsThere() throws Exception {
    var log = open(STRICT);

    log.record(request("1")).await();

    assertThat(WrittenLog.of(file).ids()).containsExactly("1");
    log.close();
  }

  @Test
  void aBoundedReceiptIsThereAtOnceAndTheLineWithinTheWindow() throws Exception {
    var log = open(LogSettings.STANDARD);

    log.record(request("1")).await();
    log.force().await();

    assertThat(WrittenLog.of(file).ids()).containsExactly("1");
    log.close();
  }

  @Test
  void aLogGoesOnAfterARestart() throws Exception {
    write(STRICT, "1", "2");
    write(STRICT, "3");

    var chain = written();
    assertThat(chain.ids()).containsExactly("1", "2", "3");
    assertThat(chain.methods()).isEmpty();
  }

  @Test
  void anInterruptedThreadStillLeavesItsRecordAndDoesNoHarm() throws Exception {
    var log = open(STRICT);
    Thread.currentThread().interrupt();
    log.record(request("1"));
    assertThat(Thread.interrupted()).isTrue();
    log.record(request("2")).await();
    log.close();

    assertThat(written().ids()).containsExactly("1", "2");
  }

  @Test
  void filesAreClosedBySizeCompressedAndStillOneChain() throws Exception {
    var ids = IntStream.range(0, 100).mapToObj(i -> "r" + i).toArray(String[]::new);
    write(SMALL_FILES, ids);
    write(SMALL_FILES, "last");

    var chain = written();
    assertThat(chain.ids()).hasSize(101).endsWith("last");
    assertThat(new LogFiles(file).closed()).hasSizeGreaterThan(5);
    assertThat(chain.methods()).hasSameSizeAs(new LogFiles(file).closed());
  }

  @Test
  void closedFilesAreCompressedAndTheOriginalIsGone() throws Exception {
    write(SMALL_FILES, IntStream.range(0, 100).mapToObj(i -> "r" + i).toArray(String[]::new));
    var closed = new ClosedFiles(new LogFiles(file), Disk.REAL, now::get);

    closed.compress();

    assertThat(new LogFiles(file).closed()).isNotEmpty().allMatch(LogFile::isCompressed);
    assertThat(written().ids()).hasSize(100);
  }

  @Test
  void aCrashWhileCompressingLeavesNoDouble() throws Exception {
    write(SMALL_FILES.with(new Rotate(300, Duration.ofHours(1))), "1", "2", "3", "4", "5", "6");
    var files = new LogFiles(file);
    new ClosedFiles(files, Disk.REAL, now::get).compress();
    var compressed = files.closed().getFirst().path();
    var original =
        compressed.resolveSibling(
            LogFile.withoutSuffix(compressed.getFileName().toString(), ".gz"));
    try (var in = new LogFile(compressed, files.closed().getFirst().firstSeq()).open(_ -> {})) {
      Files.write(original, in.readAllBytes());
    }
    Files.writeString(compressed, "half");

    new ClosedFiles(files, Disk.REAL, now::get).compress();

    assertThat(original).doesNotExist();
    assertThat(written().ids()).hasSize(6);
  }

  @Test
  void aFileIsClosedByItsAgeAlsoAfterARestart() throws Exception {
    var log = open(STRICT);
    log.record(request("1")).await();
    now.set(now.get().plus(Duration.ofHours(13)));
    log.record(request("2")).await();
    log.close();
    now.set(now.get().plus(Duration.ofHours(12)));
    write(STRICT, "3");

    assertThat(written().methods()).containsExactly("audit/rotated");
    assertThat(new LogFiles(file).all()).hasSize(2);
  }

  @Test
  void theOldestFilesLeaveAndTheLogSaysSo() throws Exception {
    write(SMALL_FILES, IntStream.range(0, 100).mapToObj(i -> "r" + i).toArray(String[]::new));
    var log = open(SMALL_FILES.with(LogSettings.STANDARD.rotate()));
    new ClosedFiles(new LogFiles(file), Disk.REAL, now::get)
        .removeOldest(new Retain(3, Duration.ofDays(1)), log::removing);
    log.close();

    var chain = written();
    assertThat(new LogFiles(file).closed()).hasSize(3);
    var removed = chain.news().stream().map(Json::toString).toList();
    assertThat(removed).isNotEmpty().allMatch(line -> line.contains("audit/removed"));
    var first = chain.lines().getFirst();
    assertThat(removed.getLast())
        .contains("\"head\":\"" + WrittenLog.text(first, "prev") + "\"")
        .contains("\"to\":" + (WrittenLog.seq(first) - 1) + ",");
  }

  @Test
  void anotherLogIsWrittenWhereSomebodyHasTheFirst() throws Exception {
    try (var _ = Claim.of(file, Disk.REAL)) {
      write(STRICT, "1");
    }

    assertThat(file).doesNotExist();
    assertThat(WrittenLog.of(file.resolveSibling("audit.2.jsonl")).ids()).containsExactly("1");
  }

  @Test
  void whatIsNoLogIsNeverTouched() throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "precious\n");

    write(STRICT, "1");

    assertThat(file).hasContent("precious\n");
    assertThat(WrittenLog.of(file.resolveSibling("audit.2.jsonl")).ids()).containsExactly("1");
  }

  @Test
  void twoConfigurationsShareTheLogOfOneName() throws Exception {
    var before = open(STRICT);
    var after = open(STRICT);
    before.record(request("1")).await();
    after.record(request("2")).await();
    before.close();
    after.record(request("3")).await();
    after.close();

    assertThat(written().ids()).containsExactly("1", "2", "3");
  }

  @Test
  void aCrashBetweenTwoFilesLosesNothing() throws Exception {
    write(SMALL_FILES, IntStream.range(0, 30).mapToObj(i -> "r" + i).toArray(String[]::new));
    Files.move(file, new LogFiles(file).closed(firstSeq(file)));

    write(SMALL_FILES, "last");

    assertThat(written().ids()).hasSize(31).endsWith("last");
  }

  private static long firstSeq(Path path) throws IOException {
    return LogEnd.of(new LogFile(path, java.util.OptionalLong.empty())).orElseThrow().firstSeq();
  }

  @Test
  void aTornLineIsCutAtEveryByteAndRecorded() throws Exception {
    write(STRICT, "1", "2");
    var whole = Files.readAllBytes(file);
    int line = new String(whole, java.nio.charset.StandardCharsets.UTF_8).indexOf('\n') + 1;
    for (int size = 0; size < whole.length; size++) {
      Files.write(file, java.util.Arrays.copyOf(whole, size));
      Files.deleteIfExists(new LogFiles(file).checkpoints());
      write(STRICT, "3");
      var chain = written();
      int torn = size - (size >= line ? line : 0);
      assertThat(chain.ids()).isEqualTo(size >= line ? List.of("1", "3") : List.of("3"));
      assertThat(chain.news()).hasSize(torn > 0 ? 1 : 0);
      assertThat(chain.news())
          .allMatch(news -> news.toString().contains("audit/recovered"))
          .allMatch(news -> news.toString().contains("\"cut\":" + torn + ","));
    }
  }

  @Test
  void theFirstLineOfAFileMayBeTorn() throws Exception {
    write(SMALL_FILES, IntStream.range(0, 30).mapToObj(i -> "r" + i).toArray(String[]::new));
    var lines = Files.readAllLines(file);
    Files.writeString(file, lines.getFirst().substring(0, 100));
    Files.delete(new LogFiles(file).checkpoints());

    write(SMALL_FILES, "last");

    assertThat(written().ids()).endsWith("last");
    assertThat(written().methods()).endsWith("audit/rotated", "audit/recovered");
  }

  @Test
  void aDamagedFileIsLeftBesideTheLog() throws Exception {
    write(STRICT, "1", "2");
    var lines = Files.readAllLines(file);
    Files.writeString(file, lines.getFirst().replace("\"time\"", "\"tome\"") + "\n");

    write(STRICT, "3");

    assertThat(WrittenLog.of(file).ids()).containsExactly("3");
    assertThat(WrittenLog.of(file).methods()).containsExactly("audit/shortened");
    try (var files = Files.list(file.resolveSibling(""))) {
      assertThat(files).anyMatch(each -> each.toString().contains("audit.jsonl.found-"));
    }
  }

  private WrittenLog written() throws IOException {
    return WrittenLog.verified(file, directory.resolve("state"));
  }

  private void write(LogSettings settings, String... ids) throws Exception {
    var log = open(settings);
    for (var id : ids) {
      log.record(request(id)).await();
    }
    log.close();
  }

  private AuditLog open(LogSettings settings) {
    var keys = directory.resolve("state");
    return AuditLog.open(
        file, settings, new Outside(Disk.REAL, Time.REAL, now::get, keys, new Random(1)));
  }
}
