package io.watchgate;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.jsonrpc.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordTextTest {
  @ParameterizedTest
  @CsvSource({
    "response, completed, 32",
    "response, modified, 33",
    "response, blocked, 31",
    "response, timeout, 31",
    "refusal, , 31",
    "config, , 36"
  })
  void coloursTellHowItEnded(String event, String outcome, int colour) {
    var record = Json.object("event", event);
    var ended = outcome == null ? record : record.plus("outcome", Json.string(outcome));

    assertThat(new RecordText(ended).line(true))
        .startsWith("\u001b[" + colour + "m")
        .endsWith("\u001b[0m")
        .contains(event);
    assertThat(new RecordText(ended).line(false)).doesNotContain("\u001b");
    assertThat(new RecordText(Json.EMPTY_OBJECT).line(true)).doesNotContain("\u001b");
  }

  @Test
  void whatIsMissingIsADash() {
    assertThat(new RecordText(Json.EMPTY_OBJECT).cells())
        .hasSize(RecordText.TITLES.length)
        .containsOnly("-");
    assertThat(new RecordText(Json.trusted("{\"name\":null,\"plugins\":[{}]}")).cells())
        .contains("-");
  }

  @Test
  void whoAuthenticatedCountsMoreThanWhatAClientCallsItself() {
    assertThat(new RecordText(Json.object("client", "ide", "principal", "ann")).cells())
        .contains("ann")
        .doesNotContain("ide");
    assertThat(new RecordText(Json.object("client", "ide")).cells()).contains("ide");
  }

  @Test
  void longNamesAreCut() {
    assertThat(new RecordText(Json.object("name", "x".repeat(100))).cells())
        .anyMatch(cell -> cell.endsWith("(40 more characters)"));
  }

  @Test
  void jsonIsAsItIsButForWhatCannotBeSeen() {
    assertThat(RecordText.json(Json.trusted("{\"a\":\"\u00e4\u001f\u007f\u2028\"}")))
        .isEqualTo("{\"a\":\"\u00e4\\u001f\\u007f\\u2028\"}");
    var tag = new String(Character.toChars(0xE0041));
    assertThat(RecordText.json(Json.object("a", tag))).isEqualTo("{\"a\":\"\\udb40\\udc41\"}");
  }
}
