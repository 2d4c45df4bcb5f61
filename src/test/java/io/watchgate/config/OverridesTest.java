package io.watchgate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.config.GatewayConfig.Transport;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverridesTest {
  private static final Path FILE = Path.of("watchgate.yaml");

  @TempDir Path directory;

  @Test
  void whatTheCommandLineSaysWins() {
    var config = new ConfigFiles(directory).load("proxy: {upstream: {url: http://a}}");
    assertThat(Overrides.NONE.applyTo(config, FILE)).isEqualTo(config);

    var changed =
        new Overrides(Optional.of(Transport.HTTP), Optional.of("localhost"), Optional.of(0))
            .applyTo(config, FILE);
    assertThat(changed.transport()).isEqualTo(Transport.HTTP);
    assertThat(changed.http().host()).isEqualTo("localhost");
    assertThat(changed.http().port()).isZero();
    assertThat(changed.upstreams()).isEqualTo(config.upstreams());
  }

  @Test
  void theCommandLineOpensNothingWithoutAToken() {
    var config =
        new ConfigFiles(directory)
            .load("proxy: {http: {host: 0.0.0.0}, upstream: {url: http://a}}");
    var overrides =
        new Overrides(Optional.of(Transport.HTTP), Optional.empty(), Optional.of(70_000));
    assertThatThrownBy(() -> overrides.applyTo(config, FILE))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContainingAll("bearer_tokens", "not 70000");
  }
}
