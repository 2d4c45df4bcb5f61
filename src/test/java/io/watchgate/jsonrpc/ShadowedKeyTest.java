package io.watchgate.jsonrpc;

import static io.watchgate.jsonrpc.Samples.message;
import static io.watchgate.jsonrpc.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.watchgate.jsonrpc.MalformedMessage.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShadowedKeyTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Method",
        "METHOD",
        "Jsonrpc",
        "JSONRPC",
        "Params",
        "Result",
        "Error",
        "method\\u0000",
        "\\u0000method",
        "met\\u0000hod",
        "method\\u0000x",
        "m\\u0045thod",
        "jsonrp\\u0043",
        "param\u017F",
        "re\u017Fult",
        "method\\u0000\u00e9"
      })
  void keyThatAnotherParserMayTakeForAFieldIsRefusedUnderTheId(String key) {
    var refusal = refusal("{\"jsonrpc\":\"2.0\",\"id\":\"a1\",\"method\":\"m\",\"%s\":1}", key);

    assertThat(refusal.kind()).isEqualTo(Kind.INVALID_REQUEST);
    assertThat(refusal).hasMessageContaining(" only by case or NUL");
    assertThat(refusal.answer().id()).contains(new RequestId("\"a1\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ID", "Id", "iD", "id\\u0000", "\u0131d", "\u0130D", "\\u0000\u0131d\\u0000"})
  void shadowedIdIsNotEchoed(String key) {
    var refusal = refusal("{\"%s\":1,\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"m\"}", key);

    assertThat(refusal.kind()).isEqualTo(Kind.INVALID_REQUEST);
    assertThat(refusal.answer().id()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Name",
        "NAME",
        "Uri",
        "name\\u0000",
        "u\\u0072I",
        "RequestId",
        "requestID",
        "requestid",
        "_Meta",
        "Ref",
        "progresstoken",
        "progressTo\u212Aen"
      })
  void routingFieldsOfParamsCannotBeShadowed(String key) {
    var json = "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\"name\":\"a\",\"%s\":\"b\"}}";

    assertThat(refusal(json, key).kind()).isEqualTo(Kind.INVALID_REQUEST);
  }

  @Test
  void fieldsInMetaAndReferencesCannotBeShadowed() {
    var params = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{%s}}";

    assertThat(refusal(params, "\"_meta\":{\"progresstoken\":1}").kind())
        .isEqualTo(Kind.INVALID_REQUEST);
    assertThat(refusal(params, "\"ref\":{\"Name\":1}").kind()).isEqualTo(Kind.INVALID_REQUEST);
    assertThat(refusal(params, "\"ref\":{\"URI\":1}").kind()).isEqualTo(Kind.INVALID_REQUEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "identity",
        "i",
        "ids",
        "i d",
        "id ",
        "me\\u0000",
        "methods",
        "m\u00e9thod",
        "\u017F",
        "\u0131dx",
        "\\ud800",
        "x\\u0000id",
        "",
        "\\u0000"
      })
  void keysThatOnlyResembleAFieldAreFree(String key) {
    var json = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"%s\":1}".formatted(key);

    assertThatCode(() -> message(json)).doesNotThrowAnyException();
  }

  @Test
  void argumentsAndResultsMayHaveAnyKeys() {
    assertThatCode(
            () -> {
              message(
                  """
                  {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","Level":1,
                   "arguments":{"ID":1,"Name":2,"URI":3,"Method":4,"id\\u0000":5}}}
                  """);
              message("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"ID\":1,\"Name\":2}}");
            })
        .doesNotThrowAnyException();
  }

  @Test
  void brokenJsonIsAParseErrorWhateverItsKeys() {
    assertThat(refusal("{\"ID\":1,%s", "}").kind()).isEqualTo(Kind.PARSE_ERROR);
  }

  @Test
  void firstOfSeveralIsNamed() {
    var refusal = refusal("{\"METHOD\":1,\"ID\":2,\"id\":3,\"%s\":4}", "Params");

    assertThat(text(refusal.answer().toBytes()))
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":"
                + "\"key \\\"METHOD\\\" differs from \\\"method\\\" only by case or NUL\","
                + "\"data\":{\"reason\":\"invalid_request\"}}}");
  }

  private static MalformedMessage refusal(String template, String part) {
    return catchThrowableOfType(
        MalformedMessage.class, () -> message(template.replace("%s", part)));
  }
}
