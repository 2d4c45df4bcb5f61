package io.watchgate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.otlp.CollectorSettings;
import io.watchgate.telemetry.TelemetrySettings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TelemetryKeysTest {
  @TempDir private Path directory = Path.of("");

  private GatewayConfig load(String telemetry) throws Exception {
    var file = directory.resolve("watchgate.yaml");
    Files.writeString(file, "proxy: {upstream: {url: http://a}}\n" + telemetry);
    return ConfigLoader.load(file, Map.of("TOKEN", "t0p"));
  }

  @Test
  void withoutTheSectionNobodyIsTold() throws Exception {
    assertThat(load("").telemetry()).isEqualTo(TelemetrySettings.NONE);
    assertThat(load("telemetry: {}").telemetry().otlp()).isEmpty();
  }

  @Test
  void sectionIsReadWhole() throws Exception {
    var settings =
        load("""
        telemetry:
          otlp:
            endpoint: https://collector.example:4318
            headers: {Authorization: "Bearer ${env:TOKEN}"}
            interval: 5s
            timeout: 2s
            traces: false
            sampling: 10%
        """)
            .telemetry();

    var collector =
        new CollectorSettings(
            URI.create("https://collector.example:4318"),
            Map.of("Authorization", "Bearer t0p"),
            Duration.ofSeconds(2));
    assertThat(settings)
        .isEqualTo(
            new TelemetrySettings(Optional.of(collector), Duration.ofSeconds(5), false, true, 0.1));
    assertThat(settings.toString()).doesNotContain("t0p");
  }

  @Test
  void collectorNeedsAnAddressAndHeadersThatAreItsOwn() {
    assertThatThrownBy(() -> load("telemetry: {otlp: {}}")).hasMessageContaining("endpoint");
    for (var header : List.of("Host: x", "content-length: 3", "a b: c")) {
      assertThatThrownBy(
              () -> load("telemetry: {otlp: {endpoint: http://a, headers: {" + header + "}}}"))
          .hasMessageContaining("telemetry.otlp.headers");
    }
  }

  @Test
  void anotherCollectorTakesARestart() throws Exception {
    var running = load("");
    var next = load("telemetry: {otlp: {endpoint: http://a}}");

    assertThat(Fixed.differences(running, next)).containsExactly("telemetry");
    assertThat(Fixed.keep(running, next).telemetry()).isEqualTo(running.telemetry());
  }
}
