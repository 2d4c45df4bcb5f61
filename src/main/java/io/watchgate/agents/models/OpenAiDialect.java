package io.watchgate.agents.models;

import io.watchgate.agents.models.Conversation.Answered;
import io.watchgate.agents.models.Conversation.Asked;
import io.watchgate.agents.models.Conversation.Part;
import io.watchgate.agents.models.Conversation.Returned;
import io.watchgate.agents.models.Model.Wish;
import io.watchgate.jsonrpc.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Chat completions, as OpenAI and many others have them.
final class OpenAiDialect implements Dialect {
  @Override
  public String baseUrl() {
    return "https://api.openai.com/v1";
  }

  @Override
  public String path() {
    return "/chat/completions";
  }

  @Override
  public Map<String, String> headers(String key) {
    return key.isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + key);
  }

  @Override
  public Json request(
      ModelSettings settings, Conversation conversation, Wish wish, WireNames names) {
    var members = new ArrayList<Object>(List.of("model", settings.model(), "stream", true));
    members.addAll(List.of("stream_options", Json.object("include_usage", true)));
    // OpenAI's newest models do not take the old name, others do not know the new one.
    var limit = settings.baseUrl().isEmpty() ? "max_completion_tokens" : "max_tokens";
    members.addAll(List.of(limit, settings.maxTokens()));
    wish.temperature().ifPresent(value -> members.addAll(List.of("temperature", value)));
    var system = Json.object("role", "system", "content", conversation.instructions());
    var messages =
        Stream.concat(
            Stream.of(system),
            conversation.parts().stream().flatMap(part -> messages(part, names).stream()));
    members.addAll(List.of("messages", Json.array(messages.toList())));
    if (!wish.tools().isEmpty()) {
      var tools = wish.tools().stream().map(tool -> tool(tool, names)).toList();
      members.addAll(List.of("tools", Json.array(tools)));
      members.addAll(List.of("tool_choice", wish.mayCall() ? "auto" : "none"));
    }
    return Json.object(members.toArray());
  }

  private static Json tool(ToolSpec tool, WireNames names) {
    return Json.object(
        "type",
        "function",
        "function",
        Json.object(
            "name",
            names.outward(tool.name()),
            "description",
            tool.description(),
            "parameters",
            tool.schema()));
  }

  private static List<Json> messages(Part part, WireNames names) {
    return switch (part) {
      case Asked(var text) -> List.of(Json.object("role", "user", "content", text));
      case Answered(var turn) when turn.uses().isEmpty() ->
          List.of(Json.object("role", "assistant", "content", turn.text()));
      case Answered(var turn) -> {
        var calls = turn.uses().stream().map(use -> call(use, names)).toList();
        yield List.of(
            Json.object(
                "role", "assistant", "content", turn.text(), "tool_calls", Json.array(calls)));
      }
      case Returned(var results) ->
          results.stream()
              .map(result ->
                  Json.object(
                      "role",
                      "tool",
                      "tool_call_id",
                      result.id(),
                      "content",
                      (result.isError() ? "error: " : "") + result.text()))
              .toList();
    };
  }

  private static Json call(ToolUse use, WireNames names) {
    return Json.object(
        "id",
        use.id(),
        "type",
        "function",
        "function",
        Json.object("name", names.outward(use.name()), "arguments", use.arguments().toString()));
  }

  @Override
  public Reader reader(String model, TurnBuilder turn) {
    return new Chunks(model, turn);
  }

  private static final class Chunks implements Reader {
    private final String model;
    private final TurnBuilder turn;
    private boolean complete;
    private boolean over;

    Chunks(String model, TurnBuilder turn) {
      this.model = model;
      this.turn = turn;
    }

    @Override
    public void accept(Json data) throws ModelFailure {
      var error = data.member("error");
      if (error.isPresent()) {
        throw Dialect.failure(model, error.get());
      }
      data.member("usage")
          .filter(Json::isObject)
          .ifPresent(usage -> {
            turn.input(Dialect.number(usage, "prompt_tokens"));
            turn.output(Dialect.number(usage, "completion_tokens"));
          });
      for (var choice : data.member("choices").map(Json::elements).orElse(List.of())) {
        complete |= choice.textMember("finish_reason").isPresent();
        choice.member("delta").ifPresent(this::delta);
      }
    }

    private void delta(Json delta) {
      delta.textMember("content").ifPresent(turn::text);
      for (var call : delta.member("tool_calls").map(Json::elements).orElse(List.of())) {
        var function = call.member("function").orElse(Json.EMPTY_OBJECT);
        turn.use(
            (int) Dialect.number(call, "index"),
            call.textMember("id").orElse(""),
            function.textMember("name").orElse(""),
            function.textMember("arguments").orElse(""));
      }
    }

    @Override
    public void end() {
      over = true;
    }

    @Override
    public boolean isComplete() {
      return complete;
    }

    /// What was used is said behind the end of the answer.
    @Override
    public boolean isOver() {
      return over;
    }
  }
}
