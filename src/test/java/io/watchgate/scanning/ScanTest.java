package io.watchgate.scanning;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.plugin.Content;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScanTest {
  private static final Words WORD = new Words("hunter");

  @Test
  void findsInKeysStringsAndNumbersWithTheirPointers() {
    var scan = scan("{\"a\":[\"my hunter\"],\"hunter\":1,\"n\":4111111111111111}", WORD, card());

    assertThat(scan.hits())
        .extracting(Hit::toString)
        .containsExactly("word in /a/0", "word in the key of /hunter", "card in /n");
  }

  @Test
  void redactionLeavesEveryOtherByteAsItWas() {
    var scan =
        scan("{ \"a\" : \"\\u0041 hunter \\n\" , \"b\":[1E400,4111111111111111] }", WORD, card());

    assertThat(scan.redacted(ScanTest::label))
        .hasToString("{ \"a\" : \"A [word] \\n\" , \"b\":[1E400,\"[card]\"] }");
  }

  @Test
  void keysStayDifferent() {
    var scan =
        scan(
            "{\"hunter\":{\"hunter\":1},\"x\":2,\"hunter\\u0021\":3,\"[word]\":4}",
            new Words("hunter"),
            new Words("hunter!"));

    assertThat(scan.redacted(ScanTest::label))
        .hasToString("{\"[word] 2\":{\"[word]\":1},\"x\":2,\"[word] 3\":3,\"[word]\":4}");
  }

  @Test
  void overlappingFindsAreOneByTheNameOfTheSurer() {
    var scan =
        scan(
            "{\"a\":\"a hunter22 b\"}",
            WORD,
            new Words("sure", "ter22", 0.9),
            new Words("other", "22 b", 0.3));

    assertThat(scan.redacted(ScanTest::label)).hasToString("{\"a\":\"a [sure]\"}");
    assertThat(scan.hits()).singleElement().extracting(Hit::found).isEqualTo("ter22");
  }

  @Test
  void whatIsFoundWithoutADisguiseTakesTheDisguiseWithIt() {
    var token =
        Base64.getEncoder().encodeToString("the hunter is here".getBytes(StandardCharsets.UTF_8));
    var scan = scan("{\"a\":\"x " + token + " h\u200Bunter\"}", WORD);

    assertThat(scan.redacted(ScanTest::label)).hasToString("{\"a\":\"x [word] [word]\"}");
    assertThat(scan.hits())
        .extracting(Hit::disguise)
        .containsExactly(Disguise.ENCODING, Disguise.UNICODE);
    assertThat(scan.hits().getFirst()).hasToString("word in /a (disguised)");
  }

  @Test
  void detectorsAreToldTheKey() {
    Detector password =
        new Detector() {
          @Override
          public List<Finding> find(String text) {
            return List.of();
          }

          @Override
          public List<Finding> findUnder(String key, String text) {
            return key.equals("password")
                ? List.of(new Finding("password", 0, text.length(), 1))
                : List.of();
          }
        };

    assertThat(
            scan("{\"password\":[\"abc\",{\"x\":\"def\"}],\"y\":\"ghi\"}", password)
                .redacted(ScanTest::label))
        .hasToString("{\"password\":[\"[password]\",{\"x\":\"def\"}],\"y\":\"ghi\"}");
  }

  @Test
  void longTextHasNoBorders() {
    var text = "x".repeat(65_530) + "hunter hunter" + "y".repeat(1_000_000) + "hunter";

    assertThat(scan(Json.object("a", text).toString(), WORD).hits()).hasSize(3);
  }

  private static Words card() {
    return new Words("card", "4111111111111111", 0.9);
  }

  private static String label(Hit hit) {
    return "[" + hit.type() + "]";
  }

  private static Scan scan(String json, Detector... detectors) {
    try {
      var content =
          Content.result(Json.parse(json.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT));
      return Scan.of(content, List.of(detectors));
    } catch (MalformedMessage e) {
      throw new AssertionError(e);
    }
  }
}
