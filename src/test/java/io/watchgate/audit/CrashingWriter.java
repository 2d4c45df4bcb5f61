package io.watchgate.audit;

import io.watchgate.audit.AuditLog.Outside;
import io.watchgate.audit.LogSettings.Checkpoints;
import io.watchgate.audit.LogSettings.Durability;
import io.watchgate.audit.LogSettings.Retain;
import io.watchgate.audit.LogSettings.Rotate;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;

/// A process that writes to a log from several threads as fast as it can, and names on its stdout
/// each record whose receipt came, until it is killed.
final class CrashingWriter {
  private static final int THREADS = 8;

  private CrashingWriter() {}

  /// How it writes: small files that change often, checkpoints all the time.
  static LogSettings settings() {
    return new LogSettings(
        Durability.STRICT,
        LogSettings.STANDARD.window(),
        new Rotate(40_000, Duration.ofHours(1)),
        new Retain(1_000, Duration.ofDays(1)),
        true,
        new Checkpoints(Duration.ofMillis(20), Optional.empty()));
  }

  /// Appends until it is killed.
  ///
  /// @param args the file, the directory of the key, a seed, what stands before each id
  public static void main(String[] args) throws Exception {
    var seed = Long.parseLong(args[2]);
    var outside =
        new Outside(
            Disk.REAL, Time.REAL, InstantSource.system(), Path.of(args[1]), new Random(seed));
    var log = AuditLog.open(Path.of(args[0]), settings(), outside);
    var out = new FileOutputStream(FileDescriptor.out);
    for (int thread = 0; thread < THREADS; thread++) {
      var name = args[3] + "-" + thread + "-";
      var random = new Random(seed * THREADS + thread);
      Thread.ofPlatform().start(() -> write(log, name, random, out));
    }
  }

  private static void write(AuditLog log, String name, Random random, OutputStream out) {
    try {
      for (int i = 0; ; i++) {
        var body = Json.object("text", "x".repeat(random.nextInt(400)));
        log.record(TestRecords.request(name + i, body)).await();
        say(out, name + i + "\n");
      }
    } catch (IOException | InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /// One write, so that a line is there whole or not at all.
  private static void say(OutputStream out, String line) throws IOException {
    synchronized (CrashingWriter.class) {
      out.write(line.getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
  }
}
