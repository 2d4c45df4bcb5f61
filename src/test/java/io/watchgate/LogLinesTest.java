package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.watchgate.flow.TraceContext;
import io.watchgate.flow.Trail;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogLinesTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private static String line(boolean isJson, String message, @Nullable Throwable failure) {
    var logger = new LoggerContext().getLogger("io.watchgate.upstream.Link");
    var event = new LoggingEvent("x", logger, Level.WARN, "server said {}", failure, null);
    event.setArgumentArray(new Object[] {message});
    event.setTimeStamp(0);
    return new String(new LogLines(isJson).encode(event), StandardCharsets.UTF_8);
  }

  private static Json json(String line) throws MalformedMessage {
    return Json.parse(line.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
  }

  private static Trail call() {
    var trail = new Trail();
    var _ = trail.id(() -> "4hk2-17");
    trail.cameWith(TraceContext.of("00-" + TRACE + "-b7ad6b7169203331-01", ""));
    return trail;
  }

  @Test
  void lineSaysWhenHowBadWhoAndWhat() {
    assertThat(line(false, "hello", null))
        .isEqualTo("1970-01-01T00:00:00.000Z WARN  Link - server said hello\n");
    assertThat(line(true, "hello", null))
        .isEqualTo(
            "{\"time\":\"1970-01-01T00:00:00Z\",\"level\":\"WARN\","
                + "\"logger\":\"io.watchgate.upstream.Link\",\"message\":\"server said hello\"}\n");
  }

  @Test
  void lineOfACallHasItsIds() throws MalformedMessage {
    var text = ScopedValue.where(Trail.CURRENT, call()).call(() -> line(false, "hi", null));
    var json = json(ScopedValue.where(Trail.CURRENT, call()).call(() -> line(true, "hi", null)));

    assertThat(text).endsWith(" Link - [4hk2-17] server said hi\n");
    assertThat(json.textMember("request_id")).contains("4hk2-17");
    assertThat(json.textMember("trace_id")).contains(TRACE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x\n2026-01-01T00:00:00.000Z INFO  Gateway - all is well",
        "x\r2026-01-01T00:00:00.000Z INFO  Gateway - all is well",
        "x\u2028next",
        "x\u2029next",
        "x\u0085next",
        "\u001b[2J\u001b[1;31mred",
        "\u009b31mred",
        "a\u202eexe.txt",
        "\u2066a\u2069",
        "\u0000\u0007\b\t\u007f",
        "\udb40\udc41 tag",
        "half \ud800"
      })
  void nothingThatAServerWritesGetsThroughAsMoreThanText(String hostile) throws MalformedMessage {
    var failure = new IOException(hostile, new IllegalStateException(hostile));
    for (boolean isJson : List.of(false, true)) {
      var written = line(isJson, hostile, failure);

      assertThat(written.codePoints().filter(point -> point != '\n').mapToObj(Character::getType))
          .doesNotContain(
              (int) Character.CONTROL,
              (int) Character.FORMAT,
              (int) Character.LINE_SEPARATOR,
              (int) Character.PARAGRAPH_SEPARATOR,
              (int) Character.SURROGATE);
      assertThat(written.lines().skip(1)).allMatch(line -> line.startsWith("  "));
      if (isJson) {
        assertThat(written.lines()).hasSize(1);
        assertThat(json(written).textMember("message")).isPresent();
      }
    }
  }

  @Test
  void jsonKeepsTheTextAsItWas() throws MalformedMessage {
    var text = "\u001b[1m\u202e \"q\" \\ \ud83d\ude00 \udb40\udc41\n";

    assertThat(json(line(true, text, null)).textMember("message")).contains("server said " + text);
  }

  @Test
  void failureComesWithItsStackAndItsCauses() {
    var line = line(false, "no", new IOException("out\nside", new IllegalStateException("in")));

    assertThat(line.lines().skip(1))
        .startsWith("  java.io.IOException: out | side")
        .contains("  Caused by: java.lang.IllegalStateException: in")
        .anyMatch(frame -> frame.startsWith("    at io.watchgate.LogLinesTest."));
  }

  @Test
  void messageThatHasNoEndIsCut() {
    assertThat(line(false, "x".repeat(100_000), null))
        .hasSizeLessThan(17_000)
        .contains("more characters");
  }

  @Test
  void manyThreadsWriteWholeLines() {
    var lines = new CopyOnWriteArrayList<String>();
    IntStream.range(0, 1000).parallel().forEach(i -> lines.add(line(false, "\u001b" + i, null)));

    assertThat(lines)
        .hasSize(1000)
        .allMatch(line -> line.matches("1970\\S+ WARN  Link - server said \\\\u\\{1b}\\d+\n"));
  }
}
