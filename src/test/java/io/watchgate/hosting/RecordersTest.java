package io.watchgate.hosting;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.flow.Time;
import io.watchgate.hosting.PluginSettings.Scope;
import io.watchgate.hosting.PluginSettings.Terms;
import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.AuditRecord;
import io.watchgate.plugin.AuditRecord.Event;
import io.watchgate.plugin.AuditRecord.Origin;
import io.watchgate.plugin.AuditRecord.Payload;
import io.watchgate.plugin.AuditRecord.Subject;
import io.watchgate.plugin.Recorder;
import io.watchgate.plugin.Recorder.Receipt;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordersTest {
  private static final AuditRecord RECORD =
      new AuditRecord(
          Instant.EPOCH,
          Event.LIFECYCLE,
          Origin.GATEWAY,
          new Subject(Optional.empty(), "gateway/started", Optional.empty()),
          Optional.empty(),
          Payload.NONE,
          List.of(),
          Json.EMPTY_OBJECT);

  @Test
  void onlyACriticalRecorderCanLoseARecord() {
    Receipt lost =
        () -> {
          throw new IOException("no room");
        };

    assertThatThrownBy(recorders(true, lost).record(RECORD)::await)
        .hasMessage("plugin \"log\": no room");
    assertThatCode(recorders(false, lost).record(RECORD)::await).doesNotThrowAnyException();
  }

  @Test
  void nobodyWaitsForARecorderThatIsNotCritical() {
    Receipt never =
        () -> {
          throw new AssertionError("somebody waits");
        };

    assertThatCode(recorders(false, never).record(RECORD)::await).doesNotThrowAnyException();
  }

  private static Recorders recorders(boolean isCritical, Receipt receipt) {
    var settings =
        new PluginSettings(
            "log",
            new Scope(Optional.empty(), "log"),
            new Terms(true, 50, isCritical, Optional.empty()),
            Json.EMPTY_OBJECT,
            _ -> {
              throw new AssertionError("it is made already");
            });
    Recorder recorder = _ -> receipt;
    var watch = new Watch(recorder, Optional.empty(), Time.REAL);
    var installed = new Installed(settings, recorder, watch, new VerdictCounts());
    return new Recorders(List.of(installed), (_, _) -> true);
  }
}
