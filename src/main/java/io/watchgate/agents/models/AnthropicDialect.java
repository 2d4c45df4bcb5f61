package io.watchgate.agents.models;

import io.watchgate.agents.models.Conversation.Answered;
import io.watchgate.agents.models.Conversation.Asked;
import io.watchgate.agents.models.Conversation.Part;
import io.watchgate.agents.models.Conversation.Returned;
import io.watchgate.agents.models.Conversation.ToolResult;
import io.watchgate.agents.models.Model.Wish;
import io.watchgate.jsonrpc.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The messages API of Anthropic, version 2023-06-01.
final class AnthropicDialect implements Dialect {
  private static final String VERSION = "2023-06-01";

  @Override
  public String baseUrl() {
    return "https://api.anthropic.com";
  }

  @Override
  public String path() {
    return "/v1/messages";
  }

  @Override
  public Map<String, String> headers(String key) {
    return key.isEmpty()
        ? Map.of("anthropic-version", VERSION)
        : Map.of("anthropic-version", VERSION, "x-api-key", key);
  }

  @Override
  public Json request(
      ModelSettings settings, Conversation conversation, Wish wish, WireNames names) {
    var members = new ArrayList<Object>(List.of("model", settings.model(), "stream", true));
    members.addAll(List.of("max_tokens", settings.maxTokens()));
    wish.temperature() // OpenAI's goes up to 2
        .ifPresent(value -> members.addAll(List.of("temperature", Math.min(1, value))));
    members.addAll(List.of("system", conversation.instructions()));
    var messages =
        conversation.parts().stream().flatMap(part -> messages(part, names).stream()).toList();
    members.addAll(List.of("messages", Json.array(messages)));
    if (!wish.tools().isEmpty()) {
      var tools = wish.tools().stream().map(tool -> tool(tool, names)).toList();
      members.addAll(List.of("tools", Json.array(tools)));
      var choice = Json.object("type", wish.mayCall() ? "auto" : "none");
      members.addAll(List.of("tool_choice", choice));
    }
    return Json.object(members.toArray());
  }

  private static Json tool(ToolSpec tool, WireNames names) {
    return Json.object(
        "name",
        names.outward(tool.name()),
        "description",
        tool.description(),
        "input_schema",
        tool.schema().member("type").isPresent()
            ? tool.schema()
            : tool.schema().plus("type", Json.string("object")));
  }

  private static List<Json> messages(Part part, WireNames names) {
    return switch (part) {
      case Asked(var text) -> List.of(Json.object("role", "user", "content", text));
      case Answered(var turn) -> {
        var blocks = new ArrayList<Json>();
        if (!turn.text().isBlank()) { // an empty one is refused
          blocks.add(Json.object("type", "text", "text", turn.text()));
        }
        turn.uses().forEach(use -> blocks.add(call(use, names)));
        yield blocks.isEmpty()
            ? List.of()
            : List.of(Json.object("role", "assistant", "content", Json.array(blocks)));
      }
      case Returned(var results) -> {
        var blocks = results.stream().map(AnthropicDialect::result).toList();
        yield List.of(Json.object("role", "user", "content", Json.array(blocks)));
      }
    };
  }

  /// The input has to be an object, whatever the model wrote.
  private static Json call(ToolUse use, WireNames names) {
    var input = use.arguments();
    return Json.object(
        "type",
        "tool_use",
        "id",
        use.id(),
        "name",
        names.outward(use.name()),
        "input",
        input.isObject() ? input : Json.object("malformed", input));
  }

  private static Json result(ToolResult result) {
    return Json.object(
        "type",
        "tool_result",
        "tool_use_id",
        result.id(),
        "content",
        result.text(),
        "is_error",
        result.isError());
  }

  @Override
  public Reader reader(String model, TurnBuilder turn) {
    return new Events(model, turn);
  }

  private static final class Events implements Reader {
    private final String model;
    private final TurnBuilder turn;
    private boolean complete;

    Events(String model, TurnBuilder turn) {
      this.model = model;
      this.turn = turn;
    }

    @Override
    public void accept(Json data) throws ModelFailure {
      int index = (int) Dialect.number(data, "index");
      switch (data.textMember("type").orElse("")) {
        case "error" ->
            throw Dialect.failure(model, data.member("error").orElse(Json.EMPTY_OBJECT));
        case "message_start" ->
            data.member("message")
                .flatMap(message -> message.member("usage"))
                .ifPresent(usage -> turn.input(read(usage)));
        case "content_block_start" -> data.member("content_block").ifPresent(b -> begin(index, b));
        case "content_block_delta" -> data.member("delta").ifPresent(d -> delta(index, d));
        case "message_delta" ->
            data.member("usage")
                .ifPresent(usage -> turn.output(Dialect.number(usage, "output_tokens")));
        case "message_stop" -> complete = true;
        default -> {} // pings, ends of blocks, and what is new
      }
    }

    /// What was read, from a cache or not.
    private static long read(Json usage) {
      return Dialect.number(usage, "input_tokens")
          + Dialect.number(usage, "cache_creation_input_tokens")
          + Dialect.number(usage, "cache_read_input_tokens");
    }

    private void begin(int index, Json block) {
      switch (block.textMember("type").orElse("")) {
        case "text" -> turn.text(block.textMember("text").orElse(""));
        case "tool_use" ->
            turn.use(
                index, block.textMember("id").orElse(""), block.textMember("name").orElse(""), "");
        default -> {} // thoughts
      }
    }

    private void delta(int index, Json delta) {
      switch (delta.textMember("type").orElse("")) {
        case "text_delta" -> turn.text(delta.textMember("text").orElse(""));
        case "input_json_delta" ->
            turn.use(index, "", "", delta.textMember("partial_json").orElse(""));
        default -> {} // thoughts
      }
    }

    @Override
    public boolean isComplete() {
      return complete;
    }

    @Override
    public boolean isOver() {
      return complete;
    }
  }
}
