package io.watchgate.middleware;

import static io.watchgate.middleware.TestExchange.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSelectionTest {
  private static final String VALUE =
      """
      {"a":{"b":1.50,"c":[10,11,12]},"d e":true,"f":[{"g":1,"h":2},{"h":3},[4]]}\
      """;

  private static String selected(String... paths) {
    return JsonSelection.of(List.of(paths)).in(json(VALUE)).map(Object::toString).orElse("nothing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          $.a.b        | {"a":{"b":1.50}}
          $['d e']     | {"d e":true}
          $["a"]['b']  | {"a":{"b":1.50}}
          $.a.c[1]     | {"a":{"c":[11]}}
          $.a.c[1:]    | {"a":{"c":[11,12]}}
          $.a.c[:2]    | {"a":{"c":[10,11]}}
          $.f[*].g     | {"f":[{"g":1}]}
          $.f.*.h      | {"f":[{"h":2},{"h":3}]}
          $.*.b        | {"a":{"b":1.50}}
          $.a.b.c      | nothing
          $.a[0]       | nothing
          $.z          | nothing
          """)
  void aPathLeadsToParts(String path, String part) {
    assertThat(selected(path)).isEqualTo(part);
  }

  @Test
  void severalPathsKeepWhatAnyLeadsToInTheOrderOfTheValue() {
    assertThat(selected("$.f[0].h", "$.a.b", "$.f[0].g"))
        .isEqualTo("{\"a\":{\"b\":1.50},\"f\":[{\"g\":1,\"h\":2}]}");
    assertThat(selected("$.a.b", "$")).isEqualTo(VALUE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "$a", "$.", "$..a", "$[", "$[a]", "$['a", "$[1", "$[-1]", "$[?]"})
  void whatIsNoPathIsRefused(String path) {
    assertThatThrownBy(() -> JsonSelection.of(List.of(path)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the path " + path);
  }

  @Test
  void pathsAreNotEndless() {
    assertThatThrownBy(() -> JsonSelection.of(List.of("$" + ".a".repeat(33))))
        .hasMessageContaining("more than 32 steps");
  }
}
