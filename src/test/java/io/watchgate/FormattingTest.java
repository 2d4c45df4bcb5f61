package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class FormattingTest {
  @Test
  void everyFileIsFormatted() throws IOException {
    assertThat(Format.javaFiles()).as("the project's Java files").isNotEmpty();
    assertThat(Format.unformatted()).as("files that are not formatted: run make format").isEmpty();
  }
}
