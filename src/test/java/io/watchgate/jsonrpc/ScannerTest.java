package io.watchgate.jsonrpc;

import static io.watchgate.jsonrpc.Samples.literal;
import static io.watchgate.jsonrpc.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.watchgate.jsonrpc.MalformedMessage.Kind;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScannerTest {
  @ParameterizedTest
  @MethodSource("io.watchgate.jsonrpc.JsonCases#valid")
  void acceptsWhatRfc8259Allows(String json) {
    assertThatCode(() -> scan(utf8(json))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("io.watchgate.jsonrpc.JsonCases#invalid")
  void refusesEverythingElse(String json) {
    assertThat(refusal(utf8(json)).kind()).isEqualTo(Kind.PARSE_ERROR);
  }

  @ParameterizedTest
  @MethodSource("io.watchgate.jsonrpc.JsonCases#edgesOfUtf8")
  void acceptsEveryEdgeOfUtf8(String hex) {
    assertThatCode(() -> scan(literal(hex))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("io.watchgate.jsonrpc.JsonCases#illFormedUtf8")
  void refusesIllFormedUtf8(String hex) {
    assertThat(refusal(literal(hex))).hasMessageStartingWith("not valid UTF-8 at byte ");
  }

  @Test
  void refusesUtf8ThatIsCutByTheEndOfTheMessage() {
    assertThat(refusal(new byte[] {'"', (byte) 0xf0, (byte) 0x9f})).hasMessageContaining("UTF-8");
    assertThat(refusal(new byte[] {'"', (byte) 0xc2})).hasMessageContaining("UTF-8");
  }

  @Test
  void refusesOtherEncodings() {
    for (var charset : new String[] {"UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"}) {
      assertThat(refusal("{\"a\":1}".getBytes(Charset.forName(charset))).kind())
          .isEqualTo(Kind.PARSE_ERROR);
    }
  }

  @Test
  void saysWhatIsWrongAndWhere() {
    assertThat(refusal(utf8("{\"a\":tru}"))).hasMessage("expected a value at byte 8");
    assertThat(refusal(utf8("{\"a\" 1}"))).hasMessage("expected ':' at byte 5");
    assertThat(refusal(utf8("[1 2]"))).hasMessage("expected ',' or ']' at byte 3");
    assertThat(refusal(utf8("{\"a\":1]"))).hasMessage("expected ',' or '}' at byte 6");
    assertThat(refusal(utf8("{} {}"))).hasMessage("more than one value in a message at byte 3");
    assertThat(refusal(utf8("{\"a\":1,\"a\":2}"))).hasMessageStartingWith("duplicate key \"a\"");
    assertThat(refusal(utf8("\"abc"))).hasMessage("string without an end at byte 4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"b\":2,\"a\":3}",
        "{\"\":1,\"\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"\\u0061\":1,\"a\":2}",
        "{\"\\u00e9\":1,\"\u00e9\":2}",
        "{\"\\ud83d\\ude00\":1,\"\uD83D\uDE00\":2}",
        "{\"\\/\":1,\"/\":2}",
        "{\"\\n\":1,\"\\u000a\":2}",
        "{\"\\ud800\":1,\"\\uD800\":2}",
        "{\"x\":[1,{\"y\":{\"a\":1,\"a\":2}}]}",
        "{\"params\":{\"arguments\":{\"a\":1,\"\\u0061\":2}}}",
        "{\"a\":{\"b\":1},\"c\":{\"b\":1},\"a\":2}"
      })
  void refusesDuplicateKeys(String json) {
    assertThat(refusal(utf8(json))).hasMessageStartingWith("duplicate key");
    assertThat(refusal(utf8(json)).kind()).isEqualTo(Kind.PARSE_ERROR);
  }

  @Test
  void differentLoneSurrogatesAreDifferentKeys() {
    var json =
        "{\"\\ud800\":1,\"\\ud801\":2,\"?\":3,\"\\udc00\":4,\"\\ud800\\ud800\":5,\"\\ufffd\":6}";
    assertThatCode(() -> scan(utf8(json))).doesNotThrowAnyException();
  }

  @Test
  void sameKeysInDifferentObjectsAreNoDuplicates() {
    var json = "{\"a\":{\"a\":1,\"b\":2},\"b\":{\"a\":1,\"b\":2},\"c\":[{\"a\":1},{\"a\":2}]}";
    assertThatCode(() -> scan(utf8(json))).doesNotThrowAnyException();
  }

  @Test
  void twentyThousandArraysAreTooDeepAndNoStackOverflow() {
    var arrays = refusal(utf8("[".repeat(20_000) + "]".repeat(20_000)));
    var objects = refusal(utf8("{\"a\":".repeat(20_000) + "1" + "}".repeat(20_000)));

    assertThat(arrays.kind()).isEqualTo(Kind.TOO_DEEP);
    assertThat(arrays).hasMessage("nested deeper than the limit of 128");
    assertThat(objects.kind()).isEqualTo(Kind.TOO_DEEP);
  }

  @Test
  void depthIsCountedToTheLevel() {
    var limits = new Limits(1000, 3, 1000);

    assertThatCode(() -> Scanner.scan(utf8("[{\"a\":[]},[[1]]]"), limits))
        .doesNotThrowAnyException();
    assertThat(refusal(utf8("[[[[]]]]"), limits).kind()).isEqualTo(Kind.TOO_DEEP);
    assertThat(refusal(utf8("{\"a\":[[{}]]}"), limits).kind()).isEqualTo(Kind.TOO_DEEP);
  }

  @Test
  void theDeepestAllowedNestingFitsTheStack() {
    int depth = Limits.MAX_DEPTH;
    var json = "{\"a\":[".repeat(depth / 2) + "]}".repeat(depth / 2);

    assertThatCode(() -> Scanner.scan(utf8(json), new Limits(1 << 20, depth, 1 << 20)))
        .doesNotThrowAnyException();
  }

  @Test
  void sizeIsCountedToTheByte() {
    var limits = new Limits(4, 3, 1000);

    assertThatCode(() -> Scanner.scan(utf8("[12]"), limits)).doesNotThrowAnyException();
    var refusal = refusal(utf8("[123]"), limits);
    assertThat(refusal.kind()).isEqualTo(Kind.TOO_LARGE);
    assertThat(refusal).hasMessage("message is larger than the limit of 4 bytes");
  }

  @Test
  void keysAndValuesAreCountedAsTokens() {
    var json = utf8("{\"a\":[1,2],\"b\":3}"); // the object, two keys, the array, three numbers

    assertThatCode(() -> Scanner.scan(json, new Limits(100, 3, 7))).doesNotThrowAnyException();
    var refusal = refusal(json, new Limits(100, 3, 6));
    assertThat(refusal.kind()).isEqualTo(Kind.TOO_LARGE);
    assertThat(refusal).hasMessage("more than 6 keys and values");
  }

  @Test
  void manyKeysTakeLinearTimeInEveryObject() {
    var object =
        IntStream.range(0, 100_000)
            .mapToObj(i -> "\"key" + i + "\":" + i)
            .collect(Collectors.joining(",", "{", "}"));
    var json = utf8("[" + object + "," + object + "," + object + "]");

    // Quadratic comparing would take minutes: 5 thousand million pairs of keys an object.
    Assertions.assertTimeout(Duration.ofSeconds(10), () -> scan(json));
  }

  @Test
  void findsTheFieldsWhereverTheyStand() throws MalformedMessage {
    var json =
        """
        {"params" : {"x":{"name":"no"}, "_meta":{"progressToken":[7]}, "n\\u0061me" : "yes",
         "ref":{"uri":"u:1","name":"r"}, "arguments":{"uri":"no"}}, "id": -1 , "jsonrpc":"2.0"}
        """;
    var envelope = Scanner.scan(utf8(json), Limits.DEFAULT);

    assertThat(value(json, envelope, Field.NAME)).isEqualTo("\"yes\"");
    assertThat(value(json, envelope, Field.META_PROGRESS_TOKEN)).isEqualTo("[7]");
    assertThat(value(json, envelope, Field.REF_URI)).isEqualTo("\"u:1\"");
    assertThat(value(json, envelope, Field.REF_NAME)).isEqualTo("\"r\"");
    assertThat(value(json, envelope, Field.ID)).isEqualTo("-1");
    assertThat(envelope.has(Field.URI)).isFalse();
    assertThat(envelope.has(Field.PROGRESS_TOKEN)).isFalse();
    assertThat(envelope.has(Field.METHOD)).isFalse();
  }

  private static String value(String json, Envelope envelope, Field field) {
    return json.substring(envelope.start(field), envelope.end(field));
  }

  private static void scan(byte[] json) throws MalformedMessage {
    Scanner.scan(json, Limits.DEFAULT);
  }

  private static MalformedMessage refusal(byte[] json) {
    return refusal(json, Limits.DEFAULT);
  }

  private static MalformedMessage refusal(byte[] json, Limits limits) {
    return catchThrowableOfType(MalformedMessage.class, () -> Scanner.scan(json, limits));
  }
}
