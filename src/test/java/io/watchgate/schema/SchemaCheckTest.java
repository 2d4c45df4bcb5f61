package io.watchgate.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.jsonrpc.Json;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class SchemaCheckTest {

  @Test
  void mismatchSaysWhereAndWhatIsExpected() {
    var check = check("{'properties':{'a/b':{'items':{'type':'integer'}}},'required':['c']}");

    assertThat(check.mismatch(json("{'a/b':[1,'x'],'c':1}")))
        .hasValueSatisfying(mismatch -> {
          assertThat(mismatch.pointer()).isEqualTo("/a~1b/1");
          assertThat(mismatch.expected()).contains("integer expected");
        });
    assertThat(check.mismatch(json("{}"))).map(SchemaCheck.Mismatch::pointer).contains("/c");
    assertThat(check.mismatch(json("{'c':null,'a/b':[1.0]}"))).isEmpty();
  }

  @Test
  void newestDraftIsMeantUnlessTheSchemaSaysAnother() {
    var tuple = "'items':[{'type':'string'}]}";

    assertThat(
            check("{'$schema':'http://json-schema.org/draft-07/schema#'," + tuple)
                .mismatch(json("[1]")))
        .isPresent();
    assertThat(check("{'prefixItems':[{'type':'string'}]}").mismatch(json("[1]"))).isPresent();
    assertThat(
            check("{'$schema':'https://json-schema.org/draft/2020-12/schema','type':'array'}")
                .mismatch(json("{}")))
        .isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'$ref':'#'}",
        "{'$dynamicRef':'#'}",
        "{'$ref':'#/$defs/a','$defs':{'a':{'$ref':'#/$defs/b'},'b':{'allOf':[{'$ref':'#'}]}}}",
        "{'$ref':'#x','$defs':{'a':{'$anchor':'x','not':{'$ref':'#x'}}}}",
        "{'$ref':'http://127.0.0.1:1/schema.json'}",
        "{'$ref':'file:///etc/passwd'}",
        "{'properties':{'a':{'$ref':'other.json'}}}",
        "{'$ref':'#/$defs/none'}",
        "{'$ref':'#/%zz'}",
        "{'$defs':{'a':{'$id':'http://x/y','$ref':'#'}}}",
        "{'pattern':'(?=a)b'}",
        "{'$schema':'http://127.0.0.1:1/meta.json','type':'object'}",
        "{'patternProperties':{'(?=a)b':{}}}",
        "[]"
      })
  void schemaThatCannotBeUsedSaysWhyAndRefusesNothing(String schema) {
    var check = check(schema);

    assertThat(check.unusable()).isPresent();
    assertThat(check.mismatch(json("{}"))).isEmpty();
  }

  @Test
  void chainOfAlternativesIsTooMuch() {
    var chain =
        IntStream.range(0, 20)
            .mapToObj(i ->
                "'a%d':{'anyOf':[{'$ref':'#/$defs/a%d'},{'$ref':'#/$defs/a%d'}]}"
                    .formatted(i, i + 1, i + 1))
            .collect(Collectors.joining(","));

    assertThat(
            check("{'$ref':'#/$defs/a0','$defs':{" + chain + ",'a20':{'type':'string'}}}")
                .unusable())
        .contains("looks at one value more than 2000 times");
  }

  @Test
  void largeAndDeepSchemasAreTooMuch() {
    assertThat(check("{'description':'" + "x".repeat(300_000) + "'}").unusable())
        .hasValueSatisfying(why -> assertThat(why).contains("bytes"));
    assertThat(check("{'items':".repeat(70) + "{}" + "}".repeat(70)).unusable())
        .hasValueSatisfying(why -> assertThat(why).contains("levels"));
    assertThat(check("{'allOf':[" + "{},".repeat(5_000) + "{}]}").unusable())
        .hasValueSatisfying(why -> assertThat(why).contains("parts"));
  }

  @Test
  void treesMayReferToThemselves() {
    var tree =
        check(
            "{'type':'object','properties':{'child':{'$ref':'#'}},"
                + "'additionalProperties':false}");

    assertThat(tree.unusable()).isEmpty();
    assertThat(tree.mismatch(json("{'child':{'child':{}}}"))).isEmpty();
    assertThat(tree.mismatch(json("{'child':{'child':{'x':1}}}")))
        .map(SchemaCheck.Mismatch::pointer)
        .contains("/child/child/x");
  }

  @Test
  void checkThatDoublesWithEveryLevelEnds() {
    var doubling =
        check(
            "{'anyOf':[{'required':['x'],'properties':{'a':{'$ref':'#'}}},"
                + "{'required':['y'],'properties':{'a':{'$ref':'#'}}}]}");
    var nested = json("{'a':".repeat(60) + "{}" + ",'x':1,'y':1}".repeat(60));

    assertThat(doubling.mismatch(nested))
        .hasValueSatisfying(mismatch -> assertThat(mismatch.expected()).contains("steps"));
  }

  @Test
  void patternsTakeLinearTime() {
    var check = check("{'pattern':'^(a+)+$'}");

    assertThat(check.mismatch(Json.string("a".repeat(50_000) + "!"))).isPresent();
    assertThat(check.mismatch(Json.string("aaa"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1E400", "-0", "1e-999999999", "1E999999999", "123456789012345678901"})
  void strangeNumbersDoNoHarm(String number) {
    var check = check("{'type':'number','multipleOf':0.1}");

    assertThat(check.mismatch(Json.trusted(number))).isNotNull();
  }

  private static SchemaCheck check(String schema) {
    return SchemaCheck.of(json(schema));
  }

  private static Json json(String text) {
    return Json.trusted(text.replace('\'', '"'));
  }
}
