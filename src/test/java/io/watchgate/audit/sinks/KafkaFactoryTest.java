package io.watchgate.audit.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.config.TestOptions;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Without a broker; `KafkaPeerTest` has one.
class KafkaFactoryTest {
  private final SinkHome home = new SinkHome(Path.of("nowhere"));

  @Test
  void aClusterHasToBeNamed() {
    assertThat(TestOptions.problems(new KafkaFactory(), ""))
        .singleElement()
        .asString()
        .contains("bootstrap_servers");
  }

  @Test
  void whatTheSinkPromisesCannotBeTurnedOff() {
    assertThat(
            TestOptions.problems(
                new KafkaFactory(),
                "bootstrap_servers: [a:1]\nproperties: {acks: 1, enable.idempotence: false}"))
        .hasSize(2);
  }

  @Test
  void propertiesThatKafkaDoesNotTakeAreSaidAtTheStart() {
    assertThatThrownBy(() ->
            home.make(
                new KafkaFactory(), "bootstrap_servers: [a:1]\nproperties: {linger.ms: soon}"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("linger.ms");
  }

  @Test
  void secretsAreNotInTheStatus() throws Exception {
    try (var recorder =
        home.make(
            new KafkaFactory(),
            "bootstrap_servers: ['127.0.0.1:1']\nproperties: {sasl.jaas.config: secret}")) {
      assertThat(recorder.status())
          .asString()
          .contains("watchgate-audit of 127.0.0.1:1")
          .doesNotContain("secret");
    }
  }
}
