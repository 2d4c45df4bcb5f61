package io.watchgate.middleware;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void whatNobodySeesIsSpelledOut() {
    assertThat(Printable.of("a\u001b[2J\n\u202e\u200b\udb40\udc41\ud800é😀", 100))
        .isEqualTo("a\\u{1b}[2J\\u{a}\\u{202e}\\u{200b}\\u{e0041}\\u{d800}é😀");
  }

  @Test
  void longTextSaysHowLongItIs() {
    assertThat(Printable.of("x".repeat(15), 10)).isEqualTo("xxxxxxxxxx… (5 more characters)");
  }
}
