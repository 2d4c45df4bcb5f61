package io.watchgate.upstream;

import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.mcp.HeaderValue;
import io.watchgate.mcp.Method;
import io.watchgate.mcp.MirrorHeader;
import io.watchgate.mcp.MirroredArguments;
import io.watchgate.mcp.ProtocolVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The headers in which a stateless HTTP request repeats what it is (2026-07-28, streamable HTTP,
/// "Request Metadata"). They are made from the message as it is sent, never taken over from a
/// client's.
final class MirroredHeaders {
  private final Map<String, MirroredArguments> byTool = new ConcurrentHashMap<>();

  Map<String, String> headers(Request request) {
    var headers = new LinkedHashMap<String, String>();
    headers.put(MirrorHeader.PROTOCOL_VERSION, ProtocolVersion.NEWEST_STATELESS.toString());
    headers.put(MirrorHeader.METHOD, request.method());
    var name = MirrorHeader.named(request.method()).flatMap(request::text);
    name.ifPresent(text -> headers.put(MirrorHeader.NAME, HeaderValue.encode(text)));
    if (request.method().equals(Method.TOOLS_CALL)) {
      var mirrored = name.map(byTool::get).orElse(null);
      if (mirrored != null) {
        headers.putAll(mirrored.headers(request.field(Field.ARGUMENTS).orElse(Json.EMPTY_OBJECT)));
      }
    }
    return headers;
  }

  /// Takes in a page of the server's tools, which says what its calls repeat in headers.
  void learn(Json page) {
    for (var tool : page.member("tools").map(Json::elements).orElse(List.of())) {
      var name = tool.textMember("name").orElse("");
      var mirrored = arguments(tool);
      if (mirrored.isEmpty()) {
        byTool.remove(name);
      } else {
        byTool.put(name, mirrored);
      }
    }
  }

  private static MirroredArguments arguments(Json tool) {
    try {
      return MirroredArguments.of(tool);
    } catch (MirroredArguments.IllegalAnnotation _) {
      return MirroredArguments.NONE; // nobody gets to see the tool
    }
  }
}
