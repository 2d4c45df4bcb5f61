package io.watchgate.audit;

import static io.watchgate.audit.TestRecords.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.audit.AuditLog.Outside;
import io.watchgate.audit.LogSettings.Durability;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A log where the system really has no room.
@Timeout(120)
class FullDiskTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void aFileThatMayNotGrowAnyMoreIsFollowedByAnother() throws Exception {
    limited();
  }

  @Test
  void aFullDiskRefusesUntilThereIsRoom() throws Exception {
    var disk = Files.createDirectory(directory.resolve("disk"));
    if (run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.toString()) != 0) {
      limited(); // who may not mount still has a limit that is real
      return;
    }
    try {
      fill(disk);
    } finally {
      assertThat(run("umount", disk.toString())).isZero();
    }
  }

  private void fill(Path disk) throws Exception {
    var file = disk.resolve("audit.jsonl");
    var keys = directory.resolve("keys");
    var settings = LogSettings.STANDARD.with(Durability.STRICT);
    var outside = new Outside(Disk.REAL, Time.REAL, InstantSource.system(), keys, new Random(1));
    var log = AuditLog.open(file, settings, outside);
    log.record(request("first")).await();
    var other = disk.resolve("other");
    fillUp(other);

    var body = Json.object("text", "x".repeat(10_000));
    assertThatThrownBy(log.record(request("large", body))::await)
        .hasMessageContaining("No space left");
    assertThat(log.trouble()).isPresent();
    Files.delete(other);
    while (log.trouble().isPresent()) {
      Time.REAL.pass(Duration.ofMillis(1));
    }
    log.record(request("last")).await();
    log.close();

    var written = WrittenLog.verified(file, keys);
    assertThat(written.ids()).containsExactly("first", "large", "last");
    assertThat(written.methods()).containsExactly("audit/rotated", "audit/resumed");
  }

  private static void fillUp(Path file) throws IOException {
    try (var out =
        Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (true) {
        int _ = out.write(java.nio.ByteBuffer.allocate(1_024));
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }

  /// In a process whose files can have 64 KiB.
  private void limited() throws Exception {
    var java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            LimitedWriter.class.getName(),
            directory.toString());
    var script = "ulimit -f 128 && exec \"$@\""; // of 512 bytes each
    var command = new java.util.ArrayList<>(List.of("sh", "-c", script, "sh"));
    command.addAll(java);

    assertThat(run(command.toArray(String[]::new))).isZero();

    var written = WrittenLog.verified(directory.resolve("audit.jsonl"), directory.resolve("keys"));
    assertThat(written.ids()).hasSize(200).doesNotHaveDuplicates();
    assertThat(written.methods()).contains("audit/rotated", "audit/resumed");
    assertThat(written.lines().toString()).contains("File too large");
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
