package io.watchgate.translation;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.jsonrpc.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StructuredContentTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1, 2]|{\"result\":[1, 2]}",
        "\"a\"|{\"result\":\"a\"}",
        "1.50|{\"result\":1.50}",
        "false|{\"result\":false}",
      })
  void contentThatIsNoObjectIsPutIntoOne(String content, String wrapped) {
    var result = "{ \"content\":[] , \"structuredContent\" : %s , \"x\":1e2 }";
    assertThat(StructuredContent.wrapContent(Json.trusted(result.formatted(content))))
        .hasToString(result.formatted(wrapped));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"content\":[],\"structuredContent\":{\"a\":[1]}}",
        "{\"content\":[],\"structuredContent\":null}",
        "{\"content\":[]}",
        "[]",
        "7",
      })
  void everyOtherResultStaysAsItIs(String result) {
    assertThat(StructuredContent.wrapContent(Json.trusted(result))).hasToString(result);
  }

  private static String wrapped(String schema) {
    var tool = Json.object("name", "t", "outputSchema", Json.trusted(schema), "x", 1);
    var list = Json.object("tools", Json.array(List.of(tool)), "nextCursor", "2");
    var all = StructuredContent.wrapSchemas(list);
    assertThat(all.textMember("nextCursor")).contains("2");
    var wrapped = all.member("tools").orElseThrow().elements().getFirst();
    assertThat(wrapped.members())
        .extracting(Json.Member::key)
        .containsExactly("name", "outputSchema", "x");
    return wrapped.member("outputSchema").orElseThrow().toString();
  }

  @Test
  void schemaOfWhatIsNoObjectDescribesTheWrappedContent() {
    assertThat(wrapped("{\"type\":\"array\",\"items\":{\"type\":\"string\"}}"))
        .isEqualTo(
            "{\"type\":\"object\",\"properties\":{\"result\":"
                + "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}},"
                + "\"required\":[\"result\"]}");
    assertThat(wrapped("{\"anyOf\":[{\"type\":\"object\"},{\"type\":\"null\"}]}"))
        .contains("\"result\":{\"anyOf\":");
    assertThat(wrapped("{\"type\":[\"object\",\"null\"]}"))
        .contains("\"result\":{\"type\":[\"object\",\"null\"]}");
  }

  @Test
  void referencesToTheRootFollowTheSchemaToItsNewPlace() {
    var schema =
        """
        {"$defs":{"n":{"type":"array","items":{"$ref":"#"}}},\
        "anyOf":[{"$ref":"#/$defs/n"},{"$ref":"#named"},{"$ref":"https://x.example/s#/a"},\
        {"const":{"$ref":1}}]}\
        """;
    assertThat(wrapped(schema))
        .contains(
            "{\"$ref\":\"#/properties/result\"}",
            "{\"$ref\":\"#/properties/result/$defs/n\"}",
            "{\"$ref\":\"#named\"}",
            "{\"$ref\":\"https://x.example/s#/a\"}",
            "{\"const\":{\"$ref\":1}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"tools\":[{\"name\":\"a\",\"outputSchema\":{\"type\":\"object\",\"$ref\":\"#\"}}]}",
        "{\"tools\":[{ \"name\":\"a\" }, 7, {\"outputSchema\":true}]}",
        "{\"tools\":{}}",
        "{}",
        "[]",
      })
  void listWithNothingToWrapStaysAsItIs(String list) {
    assertThat(StructuredContent.wrapSchemas(Json.trusted(list))).hasToString(list);
  }
}
