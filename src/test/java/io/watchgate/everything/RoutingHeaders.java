package io.watchgate.everything;

import com.sun.net.httpserver.Headers;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// The headers of a stateless request that repeat parts of its body. They have to agree with it.
record RoutingHeaders(Headers headers) {
  private static final String VERSION = "MCP-Protocol-Version";
  private static final Pattern ENCODED = Pattern.compile("=\\?base64\\?(.*)\\?=");
  private static final Pattern PLAIN = Pattern.compile("[\\t\\x20-\\x7e]*");

  boolean isModern() {
    return value(VERSION).equals(Optional.of(Envelope.REVISION));
  }

  void checkVersion(JsonNode message) {
    String claimed = message.path("params").path("_meta").path(Envelope.VERSION_KEY).asString("");
    compare(VERSION, value(VERSION), claimed);
  }

  void checkMethodAndName(JsonNode request) {
    String method = request.path("method").asString();
    compare("Mcp-Method", value("Mcp-Method"), method);
    JsonNode params = request.path("params");
    JsonNode name =
        switch (method) {
          case "tools/call", "prompts/get" -> params.path("name");
          case "resources/read" -> params.path("uri");
          case "tasks/get", "tasks/update", "tasks/cancel" -> params.path("taskId");
          default -> params.path("");
        };
    if (name.isString()) {
      compare("Mcp-Name", decoded("Mcp-Name"), name.asString());
    }
  }

  /// Compares the arguments whose schema names a header.
  void checkArguments(JsonNode schema, JsonNode arguments) {
    for (var property : schema.path("properties").properties()) {
      JsonNode argument = arguments.path(property.getKey());
      JsonNode header = property.getValue().path("x-mcp-header");
      if (header.isString()) {
        checkArgument("Mcp-Param-" + header.asString(), argument);
      }
      checkArguments(property.getValue(), argument);
    }
  }

  private void checkArgument(String header, JsonNode argument) {
    var sent = decoded(header);
    boolean isThere = !argument.isMissingNode() && !argument.isNull();
    if (isThere && argument.isNumber() && sent.isPresent()) {
      if (!isNumber(sent.get(), argument.decimalValue())) {
        throw mismatch(header, sent.get(), argument.asString());
      }
    } else if (isThere) {
      compare(header, sent, argument.asString());
    } else if (sent.isPresent()) {
      throw Failure.headerMismatch(header + " is there, but its argument is not");
    }
  }

  private static boolean isNumber(String text, BigDecimal number) {
    try {
      return new BigDecimal(text).compareTo(number) == 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static void compare(String header, Optional<String> sent, String expected) {
    if (sent.isEmpty()) {
      throw Failure.headerMismatch(header + " is missing");
    }
    if (!sent.get().equals(expected)) {
      throw mismatch(header, sent.get(), expected);
    }
  }

  private static Failure mismatch(String header, String sent, String expected) {
    return Failure.headerMismatch(
        "%s header value '%s' does not match body value '%s'".formatted(header, sent, expected));
  }

  private Optional<String> value(String header) {
    return Optional.ofNullable(headers.getFirst(header)).map(String::strip);
  }

  private Optional<String> decoded(String header) {
    return value(header).map(value -> decode(header, value));
  }

  private static String decode(String header, String value) {
    if (!PLAIN.matcher(value).matches()) {
      throw Failure.headerMismatch(header + " has characters that need Base64");
    }
    var encoded = ENCODED.matcher(value);
    if (!encoded.matches()) {
      return value;
    }
    String base64 = encoded.group(1);
    try {
      if (base64.length() % 4 != 0) {
        throw new IllegalArgumentException("the padding is missing");
      }
      var bytes = Base64.getDecoder().decode(base64);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw Failure.headerMismatch(header + " is no Base64 of UTF-8: " + e.getMessage());
    }
  }
}
