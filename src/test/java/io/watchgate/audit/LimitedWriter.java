package io.watchgate.audit;

import io.watchgate.audit.AuditLog.Outside;
import io.watchgate.audit.LogSettings.Durability;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;

/// A process that writes 200 records to a log whose files may not have room for them all, and ends
/// well when some of them were refused meanwhile.
final class LimitedWriter {
  private LimitedWriter() {}

  /// Writes them all.
  ///
  /// @param args the directory
  public static void main(String[] args) throws Exception {
    var directory = Path.of(args[0]);
    var outside =
        new Outside(
            Disk.REAL, Time.REAL, InstantSource.system(), directory.resolve("keys"), new Random(1));
    var settings = LogSettings.STANDARD.with(Durability.STRICT);
    var log = AuditLog.open(directory.resolve("audit.jsonl"), settings, outside);
    int refused = 0;
    for (int i = 0; i < 200; i++) {
      try {
        log.record(TestRecords.request("r" + i, Json.object("text", "x".repeat(800)))).await();
      } catch (IOException tooLarge) {
        refused++;
        while (log.trouble().isPresent()) {
          Time.REAL.pass(Duration.ofMillis(1));
        }
      }
    }
    log.close();
    System.exit(refused > 0 ? 0 : 1);
  }
}
