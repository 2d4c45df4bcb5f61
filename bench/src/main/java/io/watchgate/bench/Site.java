package io.watchgate.bench;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What a server of the bench says: an era, a number of tools, and their answers.
/// `/stateless/100/mcp` is the path of one with a hundred tools that needs no sessions; more may
/// follow.
final class Site {
  static final String SMALL = "small";
  static final String LARGE = "large";
  static final String EVENTS = "events";
  static final String SLOW = "slow";
  static final int SMALL_BYTES = 900;
  static final int LARGE_BYTES = 300_000;
  private static final String INFO = "{\"name\":\"bench\",\"version\":\"1\"}";
  private static final byte[] NO_METHOD =
      Bytes.of(",\"error\":{\"code\":-32601,\"message\":\"Method not found\"}}");

  private final Era era;
  private final byte[] small;
  private final byte[] large;
  private final byte[] empty;
  private final byte[] discover;
  private final byte[] list;

  Site(Era era, int tools) {
    this.era = era;
    this.small = result(content(SMALL_BYTES));
    this.large = result(content(LARGE_BYTES));
    this.empty = result("");
    this.discover =
        result(
            ("\"supportedVersions\":[\"%s\"],\"capabilities\":{\"tools\":{}},%s,"
                    + "\"_meta\":{\"io.modelcontextprotocol/serverInfo\":%s}")
                .formatted(Era.STATELESS.version(), cacheHint(), INFO));
    var hint = era == Era.STATELESS ? "," + cacheHint() : "";
    this.list =
        result(
            IntStream.range(0, tools)
                .mapToObj(Site::tool)
                .collect(Collectors.joining(",", "\"tools\":[", "]" + hint)));
  }

  /// The site of a path.
  static Site at(String path) {
    var parts = path.split("/", -1);
    var era = parts[1].equals(Era.STATELESS.word()) ? Era.STATELESS : Era.HANDSHAKE;
    return new Site(era, Integer.parseInt(parts[2]));
  }

  static String path(Era era, int tools) {
    return "/" + era.word() + "/" + tools + "/mcp";
  }

  /// The name of a tool by its number: the first four are those that answer in a way of their own.
  static String toolName(int number) {
    return switch (number) {
      case 0 -> SMALL;
      case 1 -> LARGE;
      case 2 -> EVENTS;
      case 3 -> SLOW;
      default -> "tool_%05d".formatted(number);
    };
  }

  private static String tool(int number) {
    return """
    {"name":"%s","description":"%s","inputSchema":{"type":"object","properties":\
    {"text":{"type":"string","description":"What it is about"}}}}\
    """
        .formatted(toolName(number), Texts.ofLength(150));
  }

  private static String content(int length) {
    return "\"content\":[{\"type\":\"text\",\"text\":\"%s\"}],\"isError\":false"
        .formatted(Texts.ofLength(length));
  }

  private static String cacheHint() {
    return "\"ttlMs\":300000,\"cacheScope\":\"public\"";
  }

  /// What comes after the id.
  private byte[] result(String members) {
    var type = era == Era.STATELESS ? "\"resultType\":\"complete\"" : "";
    var comma = type.isEmpty() || members.isEmpty() ? "" : ",";
    return Bytes.of(",\"result\":{" + type + comma + members + "}}");
  }

  /// The answer to `initialize`, which takes the version that the client wants.
  static byte[] initialized(String version) {
    return Bytes.of(
        (",\"result\":{\"protocolVersion\":%s,\"capabilities\":{\"tools\":{}},"
                + "\"serverInfo\":%s}}")
            .formatted(version, INFO));
  }

  /// The answer to any other request, from behind its id on.
  byte[] answer(String method, String tool) {
    return switch (method) {
      case "server/discover" -> era == Era.STATELESS ? discover : NO_METHOD;
      case "ping" -> empty;
      case "tools/list" -> list;
      case "tools/call" -> tool.equals(LARGE) ? large : small;
      default -> NO_METHOD;
    };
  }
}
