package io.watchgate.agents;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Response;
import java.util.ArrayList;
import java.util.List;

/// What a tool said, as text for a model.
final class ToolText {
  /// As much as a model reads with profit.
  private static final int MOST = 64 << 10;

  private ToolText() {}

  static String of(Response response) {
    var result = response.result();
    if (result.isEmpty()) {
      return cut(response.errorMessage());
    }
    var parts = new ArrayList<String>();
    for (var block : result.get().member("content").map(Json::elements).orElse(List.of())) {
      parts.add(block.textMember("text").orElseGet(() -> described(block)));
    }
    if (parts.isEmpty()) {
      result.get().member("structuredContent").ifPresent(data -> parts.add(data.toString()));
    }
    return cut(String.join("\n", parts));
  }

  /// What is no text: the resource that it holds, or what it would be.
  private static String described(Json block) {
    var resource = block.member("resource").orElse(Json.EMPTY_OBJECT);
    return resource
        .textMember("text")
        .orElseGet(() ->
            "[%s %s%s]"
                .formatted(
                    block.textMember("type").orElse("content"),
                    block.textMember("mimeType").orElse(""),
                    block.textMember("uri").map(uri -> " " + uri).orElse("")));
  }

  private static String cut(String text) {
    return text.length() <= MOST
        ? text
        : text.substring(0, MOST) + "\n[cut: %d of %d characters]".formatted(MOST, text.length());
  }
}
