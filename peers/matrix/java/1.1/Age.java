import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.ElicitRequest;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// The Java SDK 1.1.
final class Age {
  private Age() {}

  static McpJsonMapper mapper() {
    return new JacksonMcpJsonMapper(JsonMapper.builder().build());
  }

  static ElicitRequest question(String message, Map<String, Object> schema) {
    return new ElicitRequest(message, schema);
  }
}
