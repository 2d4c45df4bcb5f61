package io.watchgate.everything;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class StdioEverythingTest {
  private static final String ALL = "{\"elicitation\":{},\"sampling\":{},\"roots\":{}}";
  private static final Map<String, String> ANSWERS =
      Map.of(
          "elicitation/create", "{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}}",
          "sampling/createMessage",
              "{\"role\":\"assistant\",\"model\":\"m\","
                  + "\"content\":{\"type\":\"text\",\"text\":\"Hi\"}}",
          "roots/list", "{\"roots\":[{\"uri\":\"file:///a\"}]}");

  @Test
  void legacyServerDoesNotKnowTheProbe() throws Exception {
    try (var server = start("legacy")) {
      server.send(modern(1, "server/discover", "{}", ""));
      assertThat(server.next().at("/error/code").asInt()).isEqualTo(-32601);

      server.send(initialize(2, "2025-06-18", "{}"));
      assertThat(server.next().at("/result/protocolVersion").asString()).isEqualTo("2025-06-18");
      assertThat(server.exitCode()).isZero();
    }
  }

  @Test
  void modernServerRefusesTheHandshakeAndNamesItsRevision() throws Exception {
    try (var server = start("modern")) {
      server.send(initialize(1, "2025-11-25", "{}"));
      JsonNode error = server.next().path("error");
      assertThat(error.path("code").asInt()).isEqualTo(-32022);
      assertThat(error.at("/data/supported/0").asString()).isEqualTo("2026-07-28");
      assertThat(error.at("/data/requested").asString()).isEqualTo("2025-11-25");
    }
  }

  @Test
  void bothErasShareAProcess() throws Exception {
    try (var server = start("both")) {
      server.send(initialize(1, "2025-11-25", "{}"));
      assertThat(server.next().at("/result/capabilities/tasks").isObject()).isTrue();
      server.send(modern(2, "server/discover", "{}", ""));
      assertThat(server.next().at("/result/supportedVersions/0").asString())
          .isEqualTo("2026-07-28");
      server.send(legacy(3, "tools/call", "\"name\":\"test_simple_text\""));
      JsonNode result = server.next().path("result");
      assertThat(result.at("/content/0/text").asString()).contains("simple text");
      assertThat(result.has("resultType")).isFalse();
    }
  }

  @Test
  void sessionIsAskedForAllInputsAtOnce() throws Exception {
    try (var server = start("legacy")) {
      server.send(initialize(1, "2025-11-25", ALL));
      server.next();
      server.send(
          legacy(2, "tools/call", "\"name\":\"test_input_required_result_multiple_inputs\""));
      var asked = new HashMap<String, JsonNode>();
      for (int i = 0; i < 3; i++) {
        JsonNode question = server.next();
        asked.put(question.path("method").asString(), question.path("id"));
      }
      assertThat(asked).containsOnlyKeys(ANSWERS.keySet());
      for (var entry : asked.entrySet()) {
        server.send(response(entry.getValue(), answer(entry.getKey())));
      }
      assertThat(server.next().at("/result/content/0/text").asString())
          .isEqualTo("Ada says: Hi (roots: file:///a)");
    }
  }

  @Test
  void statelessClientBringsAllInputsAndTheStateInASecondRound() throws Exception {
    try (var server = start("modern")) {
      String call = "\"name\":\"test_input_required_result_multiple_inputs\"";
      server.send(modern(1, "tools/call", ALL, call));
      JsonNode first = server.next().path("result");
      assertThat(first.path("resultType").asString()).isEqualTo("input_required");
      var responses = new StringBuilder();
      for (var request : first.path("inputRequests").properties()) {
        String method = request.getValue().path("method").asString();
        responses.append(responses.isEmpty() ? "" : ",");
        responses.append("\"%s\":%s".formatted(request.getKey(), answer(method)));
      }
      String round = call + ",\"inputResponses\":{" + responses + "},\"requestState\":";
      String state = first.path("requestState").asString();
      server.send(modern(2, "tools/call", ALL, round + "\"" + state + "\""));
      JsonNode second = server.next().path("result");
      assertThat(second.path("resultType").asString()).isEqualTo("complete");
      assertThat(second.at("/content/0/text").asString())
          .isEqualTo("Ada says: Hi (roots: file:///a)");

      server.send(modern(3, "tools/call", ALL, round + "\"x" + state + "\""));
      assertThat(server.next().at("/error/code").asInt()).isEqualTo(-32602);
      server.send(
          modern(
              4,
              "tools/call",
              ALL,
              round.replace("multiple_inputs", "multi_round") + "\"" + state + "\""));
      assertThat(server.next().at("/error/message").asString()).contains("another call");
    }
  }

  @Test
  void toolTellsAClientWithoutTheCapabilityInTheWayOfItsEra() throws Exception {
    try (var server = start("both")) {
      server.send(initialize(1, "2025-11-25", "{}"));
      server.next();
      String call = "\"name\":\"test_sampling\",\"arguments\":{\"prompt\":\"p\"}";
      server.send(legacy(2, "tools/call", call));
      assertThat(server.next().at("/result/isError").asBoolean()).isTrue();
      server.send(modern(3, "tools/call", "{}", call));
      JsonNode error = server.next().path("error");
      assertThat(error.path("code").asInt()).isEqualTo(-32021);
      assertThat(error.at("/data/requiredCapabilities/sampling").isObject()).isTrue();
    }
  }

  @Test
  void missingCapabilityIsAskedForInASessionAnyway() throws Exception {
    try (var server = start("legacy")) {
      server.send(initialize(1, "2025-11-25", "{}"));
      server.next();
      server.send(legacy(2, "tools/call", "\"name\":\"test_missing_capability\""));
      JsonNode question = server.next();
      assertThat(question.path("method").asString()).isEqualTo("sampling/createMessage");
      server.send(
          """
          {"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"no model"}}\
          """
              .formatted(question.path("id")));
      JsonNode result = server.next().path("result");
      assertThat(result.path("isError").asBoolean()).isTrue();
      assertThat(result.at("/content/0/text").asString()).contains("no model (-32601)");
    }
  }

  @Test
  void cancelledCallHasNoAnswer() throws Exception {
    try (var server = start("both")) {
      server.send(initialize(1, "2025-11-25", "{}"));
      server.next();
      String slow = "\"name\":\"slow_compute\",\"arguments\":{\"seconds\":3}";
      server.send(legacy(2, "tools/call", slow));
      server.send(modern("three", "tools/call", "{}", slow));
      server.send(cancelled("2"));
      server.send(cancelled("\"three\""));
      server.send(legacy(4, "tools/call", slow));
      assertThat(server.next().path("id").asInt()).isEqualTo(4);
    }
  }

  @Test
  void subscriptionTellsOnlyWhatItsClientWants() throws Exception {
    try (var server = start("modern")) {
      server.send(
          modern(
              7,
              "subscriptions/listen",
              "{}",
              """
              "notifications":{"toolsListChanged":true,\
              "resourceSubscriptions":["test://watched-resource"]}\
              """));
      JsonNode acknowledged = server.next();
      assertThat(acknowledged.path("method").asString())
          .isEqualTo("notifications/subscriptions/acknowledged");
      assertThat(acknowledged.at("/params/notifications").propertyNames())
          .containsExactly("toolsListChanged", "resourceSubscriptions");

      server.send(modern(8, "tools/call", "{}", "\"name\":\"test_trigger_prompt_change\""));
      assertThat(server.next().path("id").asInt()).isEqualTo(8);
      server.send(modern(9, "tools/call", "{}", "\"name\":\"touch_watched_resource\""));
      JsonNode updated = server.next();
      assertThat(updated.path("method").asString()).isEqualTo("notifications/resources/updated");
      assertThat(updated.at("/params/_meta/io.modelcontextprotocol~1subscriptionId").asInt())
          .isEqualTo(7);
      server.next();
      server.send(modern(10, "tools/call", "{}", "\"name\":\"test_trigger_tool_change\""));
      assertThat(server.next().path("method").asString())
          .isEqualTo("notifications/tools/list_changed");
    }
  }

  @Test
  void taskOfASessionAsksWhereItsResultIsAwaited() throws Exception {
    try (var server = start("legacy")) {
      server.send(initialize(1, "2025-11-25", ALL));
      server.next();
      server.send(
          legacy(
              2,
              "tools/call",
              """
              "name":"confirm_delete","arguments":{"filename":"f"},"task":{"ttl":60000}\
              """));
      JsonNode told = server.next();
      JsonNode started = told.has("result") ? told : server.next();
      String id = started.at("/result/task/taskId").asString();
      server.send(legacy(3, "tasks/result", "\"taskId\":\"" + id + "\""));
      JsonNode question = skipTaskStatus(server);
      assertThat(question.at("/params/_meta/io.modelcontextprotocol~1related-task/taskId"))
          .hasToString("\"" + id + "\"");
      server.send(
          response(question.path("id"), "{\"action\":\"accept\",\"content\":{\"confirm\":true}}"));
      JsonNode result = skipTaskStatus(server).path("result");
      assertThat(result.at("/content/0/text").asString()).isEqualTo("Deleted f");
      server.send(legacy(4, "tools/call", "\"name\":\"failing_job\""));
      assertThat(skipTaskStatus(server).at("/error/code").asInt()).isEqualTo(-32601);
    }
  }

  private static JsonNode skipTaskStatus(EverythingProcess server) throws InterruptedException {
    JsonNode message = server.next();
    while (message.path("method").asString("").equals("notifications/tasks/status")) {
      message = server.next();
    }
    return message;
  }

  private static EverythingProcess start(String era) throws java.io.IOException {
    return EverythingProcess.start("--era", era, "--transport", "stdio");
  }

  private static String initialize(int id, String revision, String capabilities) {
    return legacy(
        id,
        "initialize",
        """
        "protocolVersion":"%s","capabilities":%s,"clientInfo":{"name":"t","version":"1"}\
        """
            .formatted(revision, capabilities));
  }

  private static String legacy(int id, String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\",\"params\":{%s}}"
        .formatted(id, method, params);
  }

  private static String modern(int id, String method, String capabilities, String params) {
    String meta =
        """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
        "io.modelcontextprotocol/clientCapabilities":%s}\
        """
            .formatted(capabilities);
    return legacy(id, method, meta + (params.isEmpty() ? "" : "," + params));
  }

  private static String modern(String id, String method, String capabilities, String params) {
    return modern(0, method, capabilities, params)
        .replaceFirst("\"id\":0", "\"id\":" + "\"" + id + "\"");
  }

  private static String answer(String method) {
    return ANSWERS.getOrDefault(method, "null");
  }

  private static String cancelled(String id) {
    return """
    {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":%s}}\
    """
        .formatted(id);
  }

  private static String response(JsonNode id, String result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}".formatted(id, result);
  }
}
