package io.watchgate.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class FixtureServerTest {

  @Test
  void sessionShakesHandsListsPagesAndEnds() throws Exception {
    try (var server = new FixturePipe("--name", "files", "--tools", "3", "--page", "20")) {
      JsonNode hello = server.initialize("{}");
      assertThat(hello.path("protocolVersion").asString()).isEqualTo("2025-06-18");
      assertThat(hello.path("serverInfo").path("name").asString()).isEqualTo("files");
      assertThat(hello.path("capabilities").propertyNames())
          .contains("tools", "resources", "prompts", "logging", "completions");

      server.request(1, "tools/list", null);
      JsonNode first = server.message().path("result");
      assertThat(first.path("tools")).hasSize(20);
      server.request(2, "tools/list", "{\"cursor\":" + first.path("nextCursor") + "}");
      JsonNode second = server.message().path("result");
      assertThat(second.has("nextCursor")).isFalse();
      assertThat(second.path("tools").findValuesAsString("name"))
          .endsWith("extra_1", "extra_2", "extra_3");

      server.endInput();
      assertThat(server.isAtEnd()).isTrue();
      assertThat(server.exitStatus()).isZero();
    }
  }

  @Test
  void callsRunAtTheSameTimeAndAnswerInTheirOwnOrder() throws Exception {
    try (var server = new FixturePipe()) {
      server.initialize("{}");
      server.call(1, "sleep", "{\"ms\":5000,\"text\":\"late\"}");
      server.call(2, "echo", "{\"text\":\"soon\"}");
      JsonNode soon = server.message();
      assertThat(soon.path("id").asInt()).isEqualTo(2);
      assertThat(soon.at("/result/structuredContent/server").asString()).isEqualTo("fixture");

      server.write(
          """
          {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}\
          """);
      server.call(3, "cancelled", "{}");
      assertThat(server.line()).contains("\"id\":3", "\"ids\":[1]");
    }
  }

  @Test
  void serverAsksTheClientAndReportsProgress() throws Exception {
    try (var server = new FixturePipe()) {
      server.initialize("{\"sampling\":{}}");
      server.call(1, "elicit", "{\"message\":\"name?\"}");
      assertThat(server.line()).contains("did not declare the capability elicitation");

      server.call(2, "sample", "{\"prompt\":\"hi\"}");
      JsonNode question = server.message();
      assertThat(question.path("method").asString()).isEqualTo("sampling/createMessage");
      server.write(
          "{\"jsonrpc\":\"2.0\",\"id\":" + question.path("id") + ",\"result\":{\"model\":\"m\"}}");
      assertThat(server.line()).contains("\"id\":2", "\"structuredContent\":{\"result\":{\"model");

      server.request(
          3,
          "tools/call",
          """
          {"name":"progress","arguments":{"steps":2},"_meta":{"progressToken":"p1"}}\
          """);
      List<String> lines = List.of(server.line(), server.line(), server.line());
      assertThat(lines.subList(0, 2)).allMatch(line -> line.contains("\"progressToken\":\"p1\""));
      assertThat(lines.get(2)).contains("\"id\":3", "2 steps");
    }
  }

  @Test
  void changesAreAnnouncedToThoseWhoAsked() throws Exception {
    try (var server = new FixturePipe("--name", "a")) {
      server.initialize("{}");
      server.call(1, "update_resource", "{\"uri\":\"fixture://a/static\"}");
      assertThat(server.message().path("id").asInt()).isEqualTo(1);

      server.request(2, "resources/subscribe", "{\"uri\":\"fixture://a/static\"}");
      assertThat(server.message().path("id").asInt()).isEqualTo(2);
      server.call(3, "update_resource", "{\"uri\":\"fixture://a/static\"}");
      assertThat(server.line()).contains("notifications/resources/updated", "fixture://a/static");
      assertThat(server.message().path("id").asInt()).isEqualTo(3);

      server.call(4, "add_tool", "{\"name\":\"fresh\"}");
      assertThat(server.line()).contains("notifications/tools/list_changed");
      assertThat(server.message().path("id").asInt()).isEqualTo(4);
      server.call(5, "fresh", "{}");
      assertThat(server.line()).contains("\"text\":\"fresh\"");
    }
  }

  @Test
  void mistakesGetTheCodesOfTheSpecification() throws Exception {
    try (var server = new FixturePipe("--no-prompts")) {
      server.initialize("{}");
      assertThat(code(server, "nonsense", "{}")).isEqualTo(-32601);
      assertThat(code(server, "prompts/list", "{}")).isEqualTo(-32601);
      assertThat(code(server, "tools/call", "{\"name\":\"none\"}")).isEqualTo(-32602);
      assertThat(code(server, "tools/list", "{\"cursor\":\"x\"}")).isEqualTo(-32602);
      assertThat(code(server, "resources/read", "{\"uri\":\"x://y\"}")).isEqualTo(-32002);
      assertThat(code(server, "logging/setLevel", "{\"level\":\"loud\"}")).isEqualTo(-32602);
      server.write("{\"jsonrpc\":");
      assertThat(server.message().path("error").path("code").asInt()).isEqualTo(-32700);
    }
  }

  private static int code(FixturePipe server, String method, String params) throws Exception {
    server.request(9, method, params);
    return server.message().path("error").path("code").asInt();
  }

  @Test
  void resourcesPromptsAndCompletionsAreServed() throws Exception {
    try (var server = new FixturePipe("--name", "b")) {
      server.initialize("{}");
      server.request(1, "resources/list", "{}");
      assertThat(server.message().findValuesAsString("uri"))
          .containsExactly("fixture://b/static", "fixture://b/blob", "fixture://shared");
      server.request(2, "resources/read", "{\"uri\":\"fixture://b/item/7\"}");
      assertThat(server.line()).contains("item 7 of b");
      server.request(3, "resources/templates/list", "{}");
      assertThat(server.line()).contains("fixture://b/item/{id}");
      server.request(4, "prompts/get", "{\"name\":\"greet\",\"arguments\":{\"who\":\"Ada\"}}");
      assertThat(server.line()).contains("Greet Ada, says b");
      server.request(
          5,
          "completion/complete",
          """
          {"ref":{"type":"ref/prompt","name":"greet"},"argument":{"name":"who","value":"a"}}\
          """);
      assertThat(server.line()).contains("[\"ada\",\"alan\"]");
    }
  }

  @Test
  void rudeAnswersArriveExactlyAsTheyAreMeant() throws Exception {
    try (var server = new FixturePipe()) {
      server.initialize("{}");
      server.call(1, "numbers", "{}");
      assertThat(server.line()).contains(FixtureRudeTools.NUMBERS);
      server.call(2, "twice", "{}");
      assertThat(List.of(server.line(), server.line())).allMatch(line -> line.contains("\"id\":2"));
      server.call(3, "unknown_id", "{}");
      assertThat(Stream.of(server.message(), server.message(), server.message()))
          .extracting(message -> message.path("id").toString())
          .containsExactly("987654321", "\"stray\"", "3");
      server.call(4, "garbage", "{}");
      assertThat(server.line()).startsWith("Listening");
      assertThat(server.line()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":");
      assertThat(server.line()).contains("\ufffd");
      assertThat(server.line()).contains("after the garbage");
      server.call(5, "deep", "{\"depth\":3000}");
      assertThat(server.line()).contains("{\"d\":".repeat(3000));
      server.call(6, "slow_line", "{\"bytes\":1000}");
      assertThat(server.line()).contains("y".repeat(1000));
    }
  }

  @Test
  void killedServerAnswersNothing() throws Exception {
    try (var server = new FixturePipe()) {
      server.initialize("{}");
      server.call(1, "die", "{\"status\":7}");
      assertThat(server.isAtEnd()).isTrue();
      assertThat(server.exitStatus()).isEqualTo(7);
    }
  }

  @Test
  void exitFlagEndsTheServerBeforeItReads() throws Exception {
    try (var server = new FixturePipe("--name", "early", "--exit", "3")) {
      assertThat(server.isAtEnd()).isTrue();
      assertThat(server.errors()).contains("fixture early: asked to exit at once");
      assertThat(server.exitStatus()).isEqualTo(3);
    }
  }

  @Test
  void garbageFlagMixesNoiseBetweenTheMessages() throws Exception {
    try (var server = new FixturePipe("--garbage")) {
      server.request(1, "ping", null);
      assertThat(server.line()).isEqualTo("Server starting ...");
      assertThat(server.line()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
    }
  }

  @Test
  void muteServerAnswersEverythingButInitialize() throws Exception {
    try (var server = new FixturePipe("--mute")) {
      server.request(0, "initialize", "{\"protocolVersion\":\"2025-06-18\"}");
      server.request(1, "ping", null);
      assertThat(server.message().path("id").asInt()).isEqualTo(1);
    }
  }

  @Test
  void slowServerIsOvertakenByALaterRequest() throws Exception {
    try (var server = new FixturePipe("--startup-delay", "300", "--protocol", "2024-11-05")) {
      server.request(0, "initialize", "{\"protocolVersion\":\"2025-06-18\"}");
      server.request(1, "ping", null);
      assertThat(server.message().path("id").asInt()).isEqualTo(1);
      assertThat(server.line()).contains("\"id\":0", "\"protocolVersion\":\"2024-11-05\"");
    }
  }

  @Test
  void serverThatDislikesProbesDiesOfOne() throws Exception {
    try (var server = new FixturePipe("--exit-on-probe")) {
      server.request(1, "server/discover", "{}");
      assertThat(server.isAtEnd()).isTrue();
      assertThat(server.exitStatus()).isEqualTo(1);
    }
  }

  @Test
  void prefixOfTheResourcesCanBeChosen() throws Exception {
    try (var server = new FixturePipe("--uri-prefix", "file:///data/")) {
      server.request(1, "resources/read", "{\"uri\":\"file:///data/static\"}");
      assertThat(server.line()).contains("static text of fixture");
      server.request(2, "resources/list", null);
      assertThat(server.line()).contains("file:///data/blob", "fixture://shared");
    }
  }

  @Test
  void unknownFlagIsRefused() {
    assertThatThrownBy(() -> FixtureOptions.parse("--nope"))
        .hasMessage("unknown flag or value missing: --nope");
  }
}
