package io.watchgate.agents.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.agents.models.Conversation.Answered;
import io.watchgate.agents.models.Conversation.Asked;
import io.watchgate.agents.models.Conversation.Returned;
import io.watchgate.agents.models.Conversation.ToolResult;
import io.watchgate.agents.models.Model.Wish;
import io.watchgate.flow.Deadline;
import io.watchgate.jsonrpc.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EchoModelTest {
  private static final ToolSpec READ =
      new ToolSpec(
          "read",
          "Reads.",
          Json.trusted(
              """
              {"type":"object","required":["path","lines","mode","deep"],"properties":
              {"path":{"type":"string"},"lines":{"type":"integer","minimum":3},
              "mode":{"enum":["fast","slow"]},"deep":{"type":"boolean"}}}\
              """));
  private static final ToolSpec LIST = new ToolSpec("list", "Lists.", Json.EMPTY_OBJECT);

  private final List<String> said = new ArrayList<>();

  private Turn next(Conversation conversation, ToolSpec... tools) {
    var wish = new Wish(List.of(tools), true, Optional.empty(), Deadline.NEVER, said::add);
    return new EchoModel().next(conversation, wish);
  }

  private static Conversation asked(String question) {
    return new Conversation("", List.of(new Asked(question)));
  }

  @Test
  void toolsInTheQuestionAreCalledInItsOrderWithWhatIsBehindThem() {
    var turn = next(asked("list {\"a\": {\"b\": 1}} then read {oops"), READ, LIST);

    assertThat(turn.uses())
        .extracting(use -> use.name() + " " + use.arguments())
        .containsExactly("list {\"a\": {\"b\": 1}}", "read \"{oops\"");
  }

  @Test
  void firstToolIsCalledWithGuessesWhereNoneIsNamed() {
    assertThat(next(asked("why?"), READ, LIST).uses().getFirst().arguments())
        .hasToString("{\"path\":\"why?\",\"lines\":3,\"mode\":\"fast\",\"deep\":true}");
  }

  @Test
  void answerIsWhatTheToolsSaid() {
    assertThat(next(asked("why?")).text()).isEqualTo("You asked: why?");
    var turn = next(asked("why?"), LIST);
    var returned =
        new Returned(
            List.of(
                new ToolResult("use-1", "list", "a, b", false),
                new ToolResult("use-2", "read", "no such file", true)));

    var last = next(asked("why?").plus(new Answered(turn), returned), LIST);

    assertThat(last.text()).isEqualTo("list says: a, b\nread failed: no such file");
    assertThat(said).containsExactly("You asked: why?", last.text());
    assertThat(last.tokens().output()).isPositive();
  }
}
