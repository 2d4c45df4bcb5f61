package io.watchgate.security.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Time that grows with the square of the length would take a minute here.
class SecretsCostTest {
  private static final int LENGTH = 1024 * 1024;
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final SecretDetector detector =
      new SecretDetector(RuleFile.ours(), SecretDetector.Settings.STANDARD);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"\"",
        "eyJ.eyJ.",
        "eyJhbGciOiJIUzI1NiJ9.",
        "sk-",
        "password=",
        "password='a\"",
        "password ",
        "keykeykey",
        "://a:",
        "://a:b@",
        "-----BEGIN PRIVATE KEY-----",
        "PRIVATE KEY-----",
        "PuTTY-User-Key-File-",
        "AccountKey=",
        "_auth=aaaa",
        "_auth=",
        "aB3-bkaj_",
        "token: ",
        "[[[[",
        "password=[",
        "password:[",
        "password>[",
        "hooks.slack.com/",
        "Q~",
        ":AA",
        "1//0",
        "v1.0-",
        "glpat-aaaaaaaaaaaaaaaaaaaa.",
        "session_token=FwoGZXIvYXdz",
        "datadog_twilio_heroku_azure_slack_discord_key=0123456789abcdef0123456789abcdef ",
      })
  void timeGrowsWithTheLengthWhateverTheTextSays(String nasty) {
    var text = nasty.repeat(LENGTH / nasty.length());

    assertTimeout(LIMIT, () -> assertThat(detector.find(text)).hasSizeLessThan(LENGTH));
  }
}
