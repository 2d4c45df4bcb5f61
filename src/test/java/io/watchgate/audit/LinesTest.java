package io.watchgate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinesTest {
  /// Bytes that differ from a line break by a bit, and others.
  private static final String OTHERS = "\u000b\u008a\u0008\u00ffx";

  private static List<String> lines(String text, int buffer) throws IOException {
    var found = new ArrayList<String>();
    var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    try (var lines = new Lines(new ByteArrayInputStream(bytes), buffer)) {
      for (var line = lines.next(); line != null; line = lines.next()) {
        var end = line.isWhole() ? "\n" : "";
        found.add(new String(line.toBytes(), StandardCharsets.ISO_8859_1) + end);
      }
    }
    return found;
  }

  @Test
  void linesAreCutAtLineBreaks() throws IOException {
    assertThat(lines("", 8)).isEmpty();
    assertThat(lines("one\ntwo\n", 8)).containsExactly("one\n", "two\n");
    assertThat(lines("\n\nrest", 8)).containsExactly("\n", "\n", "rest");
  }

  @Test
  void anyBytesAreCutAnywhere() throws IOException {
    var random = new Random(1);
    for (int round = 0; round < 2000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(100); i > 0; i--) {
        char other = OTHERS.charAt(random.nextInt(OTHERS.length()));
        text.append(random.nextInt(4) == 0 ? '\n' : other);
      }
      var found = lines(text.toString(), 1 + random.nextInt(40));
      assertThat(String.join("", found)).isEqualTo(text.toString());
      assertThat(found).allMatch(line -> (line + '\n').indexOf('\n') >= line.length() - 1);
    }
  }
}
