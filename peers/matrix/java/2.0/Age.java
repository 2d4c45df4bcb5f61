import com.fasterxml.jackson.annotation.JsonIgnore;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// The Java SDK 2.0.
final class Age {
  private Age() {}

  // It writes the `mode` of an elicitation twice, which Jackson 3 refuses (java-sdk#1045).
  static McpJsonMapper mapper() {
    return new JacksonMcpJsonMapper(
        JsonMapper.builder().addMixIn(ElicitFormRequest.class, ModeOnce.class).build());
  }

  /// Leaves the mode to the type information.
  interface ModeOnce {
    @JsonIgnore
    String mode();
  }

  static ElicitFormRequest question(String message, Map<String, Object> schema) {
    return ElicitFormRequest.builder(message, schema).build();
  }
}
