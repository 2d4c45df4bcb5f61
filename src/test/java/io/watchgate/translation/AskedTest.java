package io.watchgate.translation;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.jsonrpc.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AskedTest {

  @ParameterizedTest(name = "{0} {1} of a client with {2}: {3}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "elicitation/create|{}|{\"elicitation\":{}}|true",
        "elicitation/create|{\"mode\":\"form\"}|{\"elicitation\":{\"form\":{}}}|true",
        "elicitation/create|{}|{\"elicitation\":{\"form\":{},\"url\":{}}}|true",
        "elicitation/create|{}|{\"elicitation\":{\"x-more\":1}}|true",
        "elicitation/create|{}|{\"elicitation\":{\"url\":{}}}|false",
        "elicitation/create|{}|{\"elicitation\":null}|false",
        "elicitation/create|{}|{}|false",
        "elicitation/create|{\"mode\":\"url\"}|{\"elicitation\":{\"url\":{}}}|true",
        "elicitation/create|{\"mode\":\"url\"}|{\"elicitation\":{}}|false",
        "elicitation/create|{\"mode\":\"url\"}|{\"elicitation\":{\"form\":{}}}|false",
        "sampling/createMessage|{}|{\"sampling\":{}}|true",
        "sampling/createMessage|{}|{\"roots\":{}}|false",
        "sampling/createMessage|{}|{\"sampling\":true}|false",
        "roots/list|{}|{\"roots\":{\"listChanged\":true}}|true",
        "roots/list|[]|{}|false",
        "tasks/get|{}|{\"elicitation\":{},\"sampling\":{},\"roots\":{},\"tasks\":{}}|false",
      })
  void clientCanBeAskedForWhatItDeclared(
      String method, String params, String declared, boolean expected) {
    var needed = Asked.capability(method, Json.trusted(params));
    assertThat(Asked.isDeclared(needed, Json.trusted(declared))).isEqualTo(expected);
  }
}
