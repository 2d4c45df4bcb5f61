package io.watchgate.security.pii;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/// Texts that nobody would write.
class PersonalDataFuzzTest {
  private static final String[] PARTS = {
    "@",
    ".",
    "-",
    " ",
    ":",
    "::",
    "<",
    "+",
    "(",
    ")",
    "/",
    "0",
    "1",
    "12",
    "123",
    "1985",
    "4111",
    "DE89",
    "a",
    "A",
    "AB",
    "ff",
    "born",
    "passport ",
    "ssn",
    "phone ",
    "é",
    "身份",
    "\"",
    "[",
    "]",
    "%",
    "x",
    "ext",
    "March ",
    "\n",
    "\u00A0",
    "\uD800",
    "年",
    "月",
    "日",
    "P<",
    "_",
    "=",
    ","
  };

  private static final PersonalData DETECTOR = PersonalDataTest.all(false);

  @Test
  void anyTextIsReadAndFindsAreInOrder() {
    var random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      int parts = random.nextInt(40);
      for (int j = 0; j < parts; j++) {
        text.append(PARTS[random.nextInt(PARTS.length)]);
      }
      int from = 0;
      for (var find :
          DETECTOR.findUnder(text.substring(0, Math.min(4, text.length())), text + "")) {
        assertThat(find.start()).isGreaterThanOrEqualTo(from);
        assertThat(find.end()).isLessThanOrEqualTo(text.length());
        from = find.end();
      }
    }
  }

  /// Gatekit S11: 200 KB of this took it 16 seconds.
  @Test
  void dottedTextTakesNoTime() {
    assertThat(DETECTOR.find("a.".repeat(100_000))).isEmpty();
    assertThat(DETECTOR.find("1 ".repeat(100_000))).isEmpty();
    assertThat(DETECTOR.find("01 ".repeat(70_000))).hasSizeLessThan(20_000);
  }

  /// Gatekit S25: the second hit within 1024 characters of a long text was dropped.
  @Test
  void everyFindOfALongTextCounts() {
    var text = "x".repeat(70_000) + " a@example.com b@example.com " + "y".repeat(70_000);

    assertThat(DETECTOR.find(text)).hasSize(2);
  }
}
