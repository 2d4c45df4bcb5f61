package io.watchgate.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.jsonrpc.Json;
import io.watchgate.mcp.MirroredArguments.IllegalAnnotation;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MirroredArgumentsTest {
  private static final String ANNOTATED =
      """
      "region":{"type":"string","x-mcp-header":"Region"},
      "limit":{"type":"integer","x-mcp-header":"Limit"},
      "dry":{"type":"boolean","x-mcp-header":"Dry"},
      "deep":{"type":"object","properties":{"er":{"type":"string","x-mcp-header":"Deeper"}}},
      "free":{"type":"number"}\
      """;

  private static MirroredArguments of(String properties) throws IllegalAnnotation {
    return ofSchema("{\"type\":\"object\",\"properties\":{" + properties + "}}");
  }

  private static MirroredArguments ofSchema(String schema) throws IllegalAnnotation {
    return MirroredArguments.of(Json.trusted("{\"name\":\"t\",\"inputSchema\":" + schema + "}"));
  }

  @Test
  void headersRepeatWhatIsAnnotatedAndThere() throws Exception {
    var arguments =
        Json.trusted(
            "{\"region\":\"Zürich\",\"limit\":1.50e1,\"dry\":false,\"free\":7,"
                + "\"deep\":{\"er\":\"\"}}");

    assertThat(of(ANNOTATED).headers(arguments))
        .isEqualTo(
            Map.of(
                "Mcp-Param-Region", "=?base64?WsO8cmljaA==?=",
                "Mcp-Param-Limit", "15",
                "Mcp-Param-Dry", "false",
                "Mcp-Param-Deeper", ""));
    assertThat(of(ANNOTATED).headers(Json.trusted("{\"region\":null,\"deep\":3,\"limit\":[1]}")))
        .isEmpty();
  }

  @Test
  void toolWithoutAnnotationsHasNothingToRepeat() throws Exception {
    assertThat(of("\"a\":{\"type\":\"string\"}")).isSameAs(MirroredArguments.NONE);
    assertThat(of("\"a\":{\"type\":\"string\",\"title\":\"\\u00fc\"}").isEmpty()).isTrue();
    assertThat(MirroredArguments.of(Json.trusted("{\"name\":\"x-mcp-header\"}")).isEmpty())
        .isTrue();
    // A property that is called so, and values that are no schemas.
    assertThat(of("\"x-mcp-header\":{\"type\":\"string\"}").isEmpty()).isTrue();
    assertThat(of("\"a\":{\"default\":{\"x-mcp-header\":1},\"enum\":[{\"x-mcp-header\":2}]}"))
        .matches(MirroredArguments::isEmpty);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "a":{"type":"string","x-mcp-header":""}                            | no name
          "a":{"type":"string","x-mcp-header":7}                             | no name
          "a":{"type":"string","x-mcp-header":"My Region"}                   | no name
          "a":{"type":"string","x-mcp-header":"a:b"}                         | no name
          "a":{"type":"string","x-mcp-header":"a\\nb"}                       | no name
          "a":{"type":"string","x-mcp-header":"ü"}                           | no name
          "a":{"type":"number","x-mcp-header":"A"}                           | no type
          "a":{"type":"object","x-mcp-header":"A"}                           | no type
          "a":{"x-mcp-header":"A"}                                           | no type
          "a":{"type":"string","x-mcp-header":"R"},"b":{"type":"string",\
          "x-mcp-header":"r"}                                                | of another: r
          "a":{"items":{"type":"string","x-mcp-header":"A"}}                 | a.items: it is
          "a":{"oneOf":[{"type":"string","x-mcp-header":"A"}]}               | no chain
          "a":{"not":{"properties":{"b":{"type":"string","x-mcp-header":"A"}}}} | no chain
          "a":{"$defs":{"b":{"type":"string","x-mcp-header":"A"}}}           | no chain
          "a":{"anyOf":[{"items":{"then":{"x-mcp-header":"A"}}}]}            | no chain
          """)
  void annotationsAgainstTheRulesAreRefused(String properties, String why) {
    assertThatThrownBy(() -> of(properties))
        .isInstanceOf(IllegalAnnotation.class)
        .hasMessageStartingWith("x-mcp-header in its input schema at ")
        .hasMessageContaining(why);
  }

  @Test
  void rootIsNoProperty() {
    assertThatThrownBy(() -> ofSchema("{\"type\":\"string\",\"x-mcp-header\":\"A\"}"))
        .hasMessageContaining("at the root: it is no property");
    assertThatThrownBy(() -> ofSchema("{\"$defs\":{\"x\":{\"x-mcp-header\":\"A\"}}}"))
        .hasMessageContaining("no chain");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"region":"us"}   | region | us                  |
          {"region":"us"}   | region | ' us '              |
          {"region":"us"}   | region | =?base64?dXM=?=     |
          {"region":"us"}   | region | eu                  | Region does not match arguments.region
          {"region":"us"}   | region | US                  | Region does not match arguments.region
          {"region":"us"}   | region | =?base64?dXM?=      | Region cannot be decoded
          {"region":"us"}   | region | u\u0001s            | Region cannot be decoded
          {"region":"us"}   | other  | us                  | Region is missing, but arguments.region
          {"region":null}   | other  | us                  |
          {"region":null}   | region | us                  | Region does not match
          {}                | region | ''                  | Region does not match
          {"region":"12"}   | region | 12.0                | Region does not match
          {"limit":12}      | limit  | 12.0                |
          {"limit":12}      | limit  | 1.2e1               |
          {"limit":12}      | limit  | 13                  | Limit does not match
          {"limit":12}      | limit  | twelve              | Limit does not match
          {"limit":1e99}    | limit  | 1e99                |
          {"limit":1e9999}  | limit  | 1e9999              |
          {"dry":true}      | dry    | true                |
          {"dry":true}      | dry    | True                | Dry does not match
          {"deep":{"er":""}} | deeper | ''                 |
          {"deep":{"er":"x"}} | x    | ''                  | Deeper is missing
          """)
  void headersThatSayTheSameMatch(String arguments, String name, String value, String mismatch)
      throws Exception {
    var found = of(ANNOTATED).mismatch(Json.trusted(arguments), Map.of(name, value));

    if (mismatch == null) {
      assertThat(found).isEqualTo(Optional.empty());
    } else {
      assertThat(found.orElseThrow()).startsWith("header Mcp-Param-" + mismatch);
    }
  }
}
