package io.watchgate.middleware;

import io.watchgate.jsonrpc.Json;
import io.watchgate.mcp.Method;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Exchange;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a call of a tool came to: blocks of content, structured content, or both.
record ToolResult(Json json) {
  private static final String CONTENT = "content";

  /// What models charge for a picture of the usual size.
  private static final int IMAGE_TOKENS = 1600;

  private static final String STRUCTURED = "structuredContent";

  /// The result that an answer is, empty for all others, and for a call that is not over: a task,
  /// or one that waits for input.
  static Optional<ToolResult> of(Exchange exchange, Content answer) {
    return Optional.of(new ToolResult(answer.json()))
        .filter(_ -> exchange.method().equals(Method.TOOLS_CALL))
        .filter(_ -> answer.kind() == Content.Kind.RESULT)
        .filter(result -> result.array().isPresent() || result.structured().isPresent());
  }

  static Json textBlock(String text) {
    return Json.object("type", "text", "text", text);
  }

  private Optional<Json> array() {
    return json.member(CONTENT).filter(Json::isArray);
  }

  /// Whether the tool says that it failed.
  boolean isError() {
    return json.member("isError").filter(Json::isTrue).isPresent();
  }

  Optional<Json> structured() {
    return json.member(STRUCTURED).filter(Json::isObject);
  }

  /// The blocks of content. Where a tool sent structured content alone, its text is the block that
  /// the protocol wants beside it: a client may show nothing else.
  List<Json> blocks() {
    return array()
        .map(Json::elements)
        .orElseGet(() -> structured().map(all -> List.of(textBlock(all.toString()))).orElseThrow());
  }

  /// Whether the tool sent blocks.
  boolean hasBlocks() {
    return array().isPresent();
  }

  ToolResult withStructured(Json structured) {
    return new ToolResult(json.set(STRUCTURED, structured));
  }

  ToolResult withoutStructured() {
    return new ToolResult(json.without(Set.of(STRUCTURED)));
  }

  ToolResult withBlocks(List<Json> blocks) {
    return new ToolResult(json.set(CONTENT, Json.array(blocks)));
  }

  /// What a model pays for it, about.
  long tokens() {
    return blocks().stream().mapToLong(ToolResult::tokens).sum();
  }

  private static long tokens(Json block) {
    return switch (block.textMember("type").orElse("")) {
      case "image" -> IMAGE_TOKENS;
      case "audio" -> 0;
      default -> TokenEstimate.of(text(block).orElseGet(block::toString));
    };
  }

  /// The text that a block shows, empty when it shows none.
  static Optional<String> text(Json block) {
    return block
        .textMember("text")
        .or(() -> block.member("resource").flatMap(resource -> resource.textMember("text")));
  }

  /// A block that shows text, with another one.
  static Json withText(Json block, String text) {
    return block.textMember("text").isPresent()
        ? block.with("text", Json.string(text))
        : block.with(
            "resource", block.member("resource").orElseThrow().with("text", Json.string(text)));
  }
}
