package io.watchgate.security.pii;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/// Numbers that those who give them out, or write about them, show as examples.
class KnownNumbersTest {
  private static final PersonalData DETECTOR = PersonalDataTest.all(false);

  @ParameterizedTest
  @CsvFileSource(resources = "known-numbers.txt", delimiter = '|')
  void examplesOfThoseWhoGiveThemOutAreFound(String type, String text) {
    assertThat(DETECTOR.find(text)).extracting("type").containsExactly(type);
  }
}
