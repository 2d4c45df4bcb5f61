package io.watchgate.scoring;

import io.watchgate.audit.LogVerifier;
import io.watchgate.audit.TestLog;
import io.watchgate.audit.Trust;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Prints how fast an audit log of 500 MB is verified, by the clock and by processor time, the
/// first time in a process and later: `make verify-speed`.
public final class VerifySpeed {
  private static final long SIZE = 500_000_000;
  private static final int LINES_PER_CHECKPOINT = 20_000;
  private static final int ROUNDS = 3;

  private VerifySpeed() {}

  /// Writes a log and verifies it.
  ///
  /// @param args a directory to write to
  public static void main(String[] args) throws IOException {
    var root = Files.createDirectories(Path.of(args.length == 0 ? "target" : args[0]));
    var directory = Files.createTempDirectory(root, "speed");
    var file = directory.resolve("audit.jsonl");
    try (var log = TestLog.create(file, directory)) {
      while (Files.size(file) < SIZE) {
        log.addCalls(LINES_PER_CHECKPOINT).sign();
      }
    }
    for (int round = 0; round < ROUNDS; round++) {
      verify(file, Trust.local(directory));
    }
    Files.delete(file);
  }

  private static void verify(Path file, Trust trust) throws IOException {
    var threads = ManagementFactory.getThreadMXBean();
    long processor = threads.getCurrentThreadCpuTime();
    long began = System.nanoTime();
    var verdict = new LogVerifier(trust, List.of(), _ -> {}).verify(file).getFirst();
    double seconds = (System.nanoTime() - began) / 1e9;
    double worked = (threads.getCurrentThreadCpuTime() - processor) / 1e9;
    double size = Files.size(file) / 1e6;
    System.out.printf(
        Locale.ROOT,
        "%.0f MB in %d lines: %.0f MB/s, by processor time %.0f MB/s%s%n",
        size,
        verdict.lines(),
        size / seconds,
        size / worked,
        verdict.fault().isPresent() ? ", and it does not verify" : "");
  }
}
