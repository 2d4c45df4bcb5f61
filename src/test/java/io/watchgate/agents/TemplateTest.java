package io.watchgate.agents;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {
  private static String fill(String text) {
    return new Template(text).fill(Map.of("user_query", "{agent_type}", "agent_type", "tester"));
  }

  @Test
  void fieldsAreFilledInOnceAndBracesStay() {
    assertThat(fill("a {agent_type}: {user_query}")).isEqualTo("a tester: {agent_type}");
    assertThat(fill("{\"a\": 1} {} { agent_type } {{agent_type} {"))
        .isEqualTo("{\"a\": 1} {} { agent_type } {agent_type} {");
  }

  @Test
  void namesOfNoFieldAreFound() {
    assertThat(new Template("{user_query} {query} {{query}} {1}").unknown())
        .containsExactly("query");
  }
}
