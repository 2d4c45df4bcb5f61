package io.watchgate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.audit.AuditLog.Outside;
import io.watchgate.flow.Time;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that writes to a log is killed, again and again, in the same log: a hundred times with
/// `-Daudit.seeds=100`.
class AuditCrashTest {
  private static final int SEEDS = Integer.getInteger("audit.seeds", 12);
  private static final int MOST_LINES = 400;

  @TempDir private Path directory = Path.of("");

  @Test
  void everyRecordWhoseReceiptCameIsInTheLogAfterAKill() throws Exception {
    var told = new ArrayList<String>();
    for (int seed = 0; seed < SEEDS; seed++) {
      told.addAll(toldUntilKilled(seed));
      if (seed % 10 == 9 || seed == SEEDS - 1) {
        var log = goneOn();
        assertThat(log.ids()).as("seed %d", seed).containsAll(told).doesNotHaveDuplicates();
      }
    }
    assertThat(told).hasSizeGreaterThan(SEEDS * 10);
  }

  /// Starts a writer, and kills it at a line that the seed draws.
  private List<String> toldUntilKilled(int seed) throws Exception {
    var random = new Random(seed);
    int last = 1 + random.nextInt(MOST_LINES);
    var told = new ArrayList<String>();
    var process =
        new ProcessBuilder(command(seed)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        told.add(line);
        if (told.size() == last) {
          process.toHandle().destroyForcibly(); // what it has written can still be read
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(told).hasSizeGreaterThanOrEqualTo(last);
    return told;
  }

  private List<String> command(int seed) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xshare:auto",
        "-cp",
        System.getProperty("java.class.path"),
        CrashingWriter.class.getName(),
        file().toString(),
        keys().toString(),
        String.valueOf(seed),
        "k" + seed);
  }

  private Path file() {
    return directory.resolve("audit.jsonl");
  }

  private Path keys() {
    return directory.resolve("keys");
  }

  /// The log after one more start, which has to verify.
  private WrittenLog goneOn() throws Exception {
    var outside = new Outside(Disk.REAL, Time.REAL, InstantSource.system(), keys(), new Random(1));
    AuditLog.open(file(), CrashingWriter.settings(), outside).close();
    return WrittenLog.verified(file(), keys());
  }
}
