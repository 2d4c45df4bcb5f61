package io.watchgate.audit;

import static io.watchgate.audit.TestRecords.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.audit.AuditLog.Outside;
import io.watchgate.audit.LogSettings.Durability;
import io.watchgate.audit.LogSettings.Rotate;
import io.watchgate.flow.Time;
import io.watchgate.plugin.Recorder.Receipt;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A log on disks that fail.
@Timeout(60)
class AuditLogFaultsTest {
  private static final LogSettings STRICT = LogSettings.STANDARD.with(Durability.STRICT);

  @TempDir private Path directory = Path.of("");

  private final FaultyDisk disk = new FaultyDisk();
  private Path file = Path.of("");

  @BeforeEach
  void nameTheLog() {
    file = directory.resolve("a/audit.jsonl");
  }

  @Test
  void aRecordIsNotKeptWhenTheDiskCouldNotKeepIt() throws Exception {
    var log = open(STRICT);
    log.record(request("1")).await();
    disk.failingForces = 1;
    var receipt = log.record(request("2"));

    assertThatThrownBy(receipt::await)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Input/output error")
        .hasMessageContaining(file.toString());
    resume(log);
    log.close();

    assertThat(WrittenLog.of(file).ids()).containsExactly("1", "2", "resumed");
    assertThat(WrittenLog.of(file).methods()).containsExactly("audit/rotated", "audit/resumed");
    assertThat(new LogFiles(file).closed()).hasSize(1);
  }

  @Test
  void whatADiskLostAfterItTookItIsCountedAndTold() throws Exception {
    var log = open(STRICT.with(Durability.BEST_EFFORT));
    log.record(request("1"));
    log.force().await();
    log.record(request("2")).await();
    written(log, 2);
    disk.failingForces = 1;
    assertThatThrownBy(log.force()::await).isInstanceOf(IOException.class);
    resume(log);
    log.close();

    var chain = WrittenLog.of(file);
    assertThat(chain.ids()).containsExactly("1", "resumed");
    assertThat(chain.news().getFirst().toString()).contains("\"lost\":1,", "Input/output error");
  }

  private static void written(AuditLog log, long lines) throws InterruptedException {
    while (log.report().written().seq() < lines) {
      Time.REAL.pass(Duration.ofMillis(1));
    }
  }

  @Test
  void aFullDiskRefusesAndGoesOnWhenThereIsRoom() throws Exception {
    var log = open(STRICT);
    log.record(request("1")).await();
    disk.room(10);

    assertThatThrownBy(log.record(request("2"))::await)
        .hasMessageContaining("No space left on device");
    assertThat(log.trouble()).hasValueSatisfying(why -> assertThat(why).contains("No space left"));
    assertThatThrownBy(log.record(request("3"))::await).hasMessageContaining("No space left");
    disk.room(Long.MAX_VALUE);
    resume(log);

    assertThat(log.trouble()).isEmpty();
    log.close();
    assertThat(WrittenLog.of(file).ids()).containsExactly("1", "2", "3", "resumed");
    assertThat(WrittenLog.of(file).methods()).containsExactly("audit/rotated", "audit/resumed");
    assertThat(log.report().status().toString()).contains("\"lost\":0");
  }

  @Test
  void aBoundedLogHoldsBackWhatFailsAndCountsWhatItHasNoRoomFor() throws Exception {
    var log = open(LogSettings.STANDARD);
    disk.room(0);
    for (int i = 0; i < 12_000; i++) {
      log.record(request("r" + i));
    }
    while (log.trouble().isEmpty()) {
      Time.REAL.pass(Duration.ofMillis(1));
    }
    assertThat(log.report().status().toString()).contains("\"lost\":2000");
    disk.room(Long.MAX_VALUE);
    resume(log);
    log.close();

    var chain = WrittenLog.of(file);
    assertThat(chain.ids()).hasSize(10_001).doesNotHaveDuplicates();
    assertThat(chain.news().getFirst().toString()).contains("\"lost\":2000,");
    assertThat(log.report().metrics())
        .anyMatch(each -> each.name().equals("audit_lost_total") && each.value() == 2_000);
  }

  @Test
  void aDiskThatHangsHangsNobody() throws Exception {
    var log = open(LogSettings.STANDARD, new QuickTime(5));
    disk.hang(true);
    List<Receipt> receipts = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      receipts.add(log.record(request("r" + i)));
    }

    receipts.getFirst().await();
    assertThatThrownBy(receipts.getLast()::await).hasMessageContaining("within 5 s");
    assertThat(log.trouble()).hasValueSatisfying(why -> assertThat(why).contains("nothing for"));
    disk.hang(false);
    log.force().await();

    assertThat(log.trouble()).isEmpty();
    log.close();
    assertThat(WrittenLog.of(file).ids()).hasSize(3_000);
  }

  @Test
  void aDiskThatTakesLittleAtOnceIsGivenTheRest() throws Exception {
    disk.gulp = 7;
    var log = open(STRICT);
    log.record(request("1")).await();
    log.close();

    assertThat(WrittenLog.of(file).ids()).containsExactly("1");
  }

  @Test
  void aDirectoryThatIsRemovedIsMadeAgain() throws Exception {
    var log = open(STRICT);
    log.record(request("1")).await();
    remove(file.resolveSibling(""));

    assertThatThrownBy(log.record(request("2"))::await).hasMessageContaining("removed");
    resume(log);
    log.close();

    var lines = Files.readAllLines(file);
    assertThat(lines.getFirst()).startsWith("{\"seq\":2,").contains("audit/rotated");
    assertThat(WrittenLog.text(WrittenLog.of(file).lines().get(1), "method"))
        .isEqualTo("audit/resumed");
    assertThat(WrittenLog.of(file).ids()).containsExactly("2", "resumed");
  }

  @Test
  void aFileThatIsPutInPlaceOfTheLogIsLeftAlone() throws Exception {
    var log = open(STRICT);
    log.record(request("1")).await();
    Files.writeString(file.resolveSibling("other"), "precious");
    Files.move(file, file.resolveSibling("moved"));
    Files.move(file.resolveSibling("other"), file);

    assertThatThrownBy(log.record(request("2"))::await).isInstanceOf(IOException.class);
    resume(log);
    log.close();

    assertThat(WrittenLog.of(file).ids()).containsExactly("2", "resumed");
    try (var files = Files.list(file.getParent())) {
      assertThat(files.filter(each -> each.toString().contains(".found-")))
          .singleElement()
          .satisfies(found -> assertThat(found).hasContent("precious"));
    }
  }

  @Test
  void aLogThatSomebodyEmptiesGoesOnInAnotherFile() throws Exception {
    var log = open(STRICT);
    log.record(request("1")).await();
    Files.writeString(file, "");

    assertThatThrownBy(log.record(request("2"))::await).isInstanceOf(IOException.class);
    resume(log);
    log.close();

    assertThat(WrittenLog.of(file).ids()).containsExactly("2", "resumed");
  }

  @Test
  void aFileThatCannotBeClosedIsWhenItCan() throws Exception {
    var log = open(STRICT.with(new Rotate(500, Duration.ofHours(1))));
    for (int i = 0; i < 3; i++) {
      log.record(request("r" + i)).await();
    }
    disk.isFailingRenames = true;
    assertThatThrownBy(log.record(request("r3"))::await).hasMessageContaining("Read-only");
    disk.isFailingRenames = false;
    resume(log);
    log.close();

    assertThat(WrittenLog.of(file).ids()).containsExactly("r0", "r1", "r2", "r3", "resumed");
    assertThat(WrittenLog.of(file).methods()).contains("audit/rotated", "audit/resumed");
  }

  @Test
  void aLogThatCannotBeOpenedIsOnceItCan() throws Exception {
    Files.writeString(file.getParent(), "no directory");
    var log = open(STRICT);
    assertThat(log.trouble()).isPresent();
    assertThatThrownBy(log.record(request("1"))::await).isInstanceOf(IOException.class);
    Files.delete(file.getParent());
    resume(log);
    log.close();

    assertThat(WrittenLog.of(file).ids()).containsExactly("1", "resumed");
  }

  @Test
  void aLogIsClosedAlsoWhereTheDiskIsFull() throws Exception {
    var log = open(LogSettings.STANDARD);
    disk.room(0);
    log.record(request("1"));
    log.close();

    assertThatThrownBy(log.record(request("2"))::await).hasMessageContaining("closed");
  }

  @Test
  void faultsInAnyOrderLeaveAChainOfAllThatWasKept() throws Exception {
    var time = new QuickTime(20);
    int allKept = 0;
    for (int seed = 0; seed < 20; seed++) {
      file = directory.resolve(seed + "/audit.jsonl");
      var random = new Random(seed);
      var log = open(STRICT.with(new Rotate(1_500, Duration.ofHours(1))), time);
      var kept = new ArrayList<String>();
      for (int i = 0; i < 60; i++) {
        fault(random);
        var receipt = log.record(request("r" + i));
        if (isKept(receipt)) {
          kept.add("r" + i);
        } else if (random.nextBoolean()) {
          heal();
          resume(log);
        }
      }
      heal();
      resume(log);
      log.close();
      var ids = WrittenLog.of(file).ids();
      assertThat(ids)
          .as("seed %d", seed)
          .containsAll(kept)
          .filteredOn(id -> id.startsWith("r") && !id.equals("resumed"))
          .doesNotHaveDuplicates();
      allKept += kept.size();
    }
    assertThat(allKept).isGreaterThan(200);
  }

  private void fault(Random random) {
    disk.room(random.nextInt(12) == 0 ? random.nextInt(400) : Long.MAX_VALUE);
    disk.failingForces = random.nextInt(12) == 0 ? 1 + random.nextInt(2) : 0;
    disk.isFailingRenames = random.nextInt(12) == 0;
    disk.gulp = random.nextBoolean() ? 50 : Integer.MAX_VALUE;
  }

  private void heal() {
    disk.room(Long.MAX_VALUE);
    disk.failingForces = 0;
    disk.isFailingRenames = false;
  }

  private static boolean isKept(Receipt receipt) throws InterruptedException {
    try {
      receipt.await();
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /// Waits until records are kept again: the one that shows it is named `resumed`.
  private static void resume(AuditLog log) throws InterruptedException {
    while (log.trouble().isPresent()) {
      Time.REAL.pass(Duration.ofMillis(1));
    }
    while (!isKept(log.record(request("resumed")))) {
      Time.REAL.pass(Duration.ofMillis(1));
    }
  }

  private static void remove(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path each, BasicFileAttributes about)
              throws IOException {
            Files.delete(each);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, IOException failure)
              throws IOException {
            Files.delete(each);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private AuditLog open(LogSettings settings) {
    return open(settings, Time.REAL);
  }

  private AuditLog open(LogSettings settings, Time time) {
    var keys = directory.resolve("state");
    return AuditLog.open(
        file, settings, new Outside(disk, time, InstantSource.system(), keys, new Random(1)));
  }
}
