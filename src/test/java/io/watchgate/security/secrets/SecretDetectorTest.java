package io.watchgate.security.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.scanning.Finding;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecretDetectorTest {
  private static final SecretDetector DETECTOR =
      new SecretDetector(RuleFile.ours(), SecretDetector.Settings.STANDARD);

  @Test
  void tokenOfAProviderIsFound() {
    var token = "ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17";

    assertThat(found("push with " + token + ", please")).contains(token);
  }

  static List<String> found(String text) {
    return DETECTOR.find(text).stream().map(find -> text.substring(find.start(), find.end())).toList();
  }

  static List<String> types(String text) {
    return DETECTOR.find(text).stream().map(Finding::type).toList();
  }
}
