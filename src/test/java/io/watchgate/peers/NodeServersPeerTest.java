package io.watchgate.peers;

import static io.watchgate.peers.SdkPeer.textOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest.CompleteArgument;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.PromptReference;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.SubscribeRequest;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The official Java SDK's client with the reference servers, which need Node and Python: run by
/// `make peers`, which installs them below `peers/`.
@ParameterizedClass
@EnumSource(Route.class)
@Tag("peers")
@Timeout(60)
final class NodeServersPeerTest {

  private static final List<String> EVERYTHING = List.of("local", "web");
  private static final List<String> SERVERS = List.of("local", "web", "files", "memory", "time");
  private static final String DOCUMENT = "demo://resource/static/document/features.md";
  private static final Duration LONGEST = Duration.ofSeconds(15);
  private static final Pattern READY = Pattern.compile("listening on port");

  @TempDir static Path directory;
  private static Launch.@Nullable Listening web;
  private static Route.@Nullable Connected connected;

  private final Route route;

  NodeServersPeerTest(Route route) {
    this.route = route;
  }

  @BeforeAll
  static void startTheServerThatListens() {
    web = Launch.server(node("server-everything", "streamableHttp"), READY);
  }

  @AfterAll
  static void stopTheServerThatListens() {
    if (web != null) {
      web.close();
    }
  }

  @BeforeParameterizedClassInvocation
  static void connect(Route route) throws IOException {
    Files.writeString(directory.resolve("hello.txt"), "hello from a file");
    Files.deleteIfExists(directory.resolve("memory.jsonl"));
    connected = route.connect(directory, upstreams());
  }

  @AfterParameterizedClassInvocation
  static void disconnect() {
    connected().close();
  }

  @Test
  void oneConnectionIsEnoughThroughTheGateway() {
    assertThat(connected().peers()).hasSize(route == Route.STRAIGHT ? SERVERS.size() : 1);
  }

  @Test
  void toolsOfEveryServerAreListed() {
    Map<String, String> tools =
        Map.of(
            "local", "echo",
            "web", "trigger-sampling-request",
            "files", "read_text_file",
            "memory", "read_graph",
            "time", "convert_time");
    tools.forEach((server, tool) ->
        assertThat(peer(server).client().listTools().tools())
            .extracting(Tool::name)
            .contains(name(server, tool)));
  }

  @Test
  void everyServerAnswersWhenAllAreCalledAtOnce() throws Exception {
    String file = directory.resolve("hello.txt").toString();
    List<Callable<CallToolResult>> calls =
        List.of(
            () -> call("local", "echo", Map.of("message", "one")),
            () -> call("web", "echo", Map.of("message", "two")),
            () -> call("files", "read_text_file", Map.of("path", file)),
            () -> call("memory", "read_graph", Map.of()),
            () -> call("time", "get_current_time", Map.of("timezone", "UTC")));
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<CallToolResult>> results = executor.invokeAll(calls);
      assertThat(textOf(results.get(0).get())).isEqualTo("Echo: one");
      assertThat(textOf(results.get(1).get())).isEqualTo("Echo: two");
      assertThat(textOf(results.get(2).get())).isEqualTo("hello from a file");
      assertThat(textOf(results.get(3).get())).contains("entities");
      assertThat(textOf(results.get(4).get())).contains("UTC");
    }
  }

  @Test
  void progressComesWithTheTokenOfTheCaller() {
    for (String server : EVERYTHING) {
      String token = "token of " + server;
      CallToolRequest request =
          CallToolRequest.builder(name(server, "trigger-long-running-operation"))
              .arguments(Map.of("duration", 0.3, "steps", 3))
              .progressToken(token)
              .build();
      assertThat(textOf(peer(server).client().callTool(request))).contains("completed");
      await()
          .atMost(LONGEST)
          .untilAsserted(() -> assertThat(progressFor(server, token)).contains(1.0, 2.0, 3.0));
    }
  }

  @Test
  void samplingIsAskedOfTheClient() {
    for (String server : EVERYTHING) {
      Map<String, Object> arguments = Map.of("prompt", "six times seven?", "maxTokens", 7);
      CallToolResult result = call(server, "trigger-sampling-request", arguments);
      assertThat(textOf(result)).contains(SdkPeer.ANSWER).contains(SdkPeer.MODEL);
    }
  }

  @Test
  void elicitationIsAskedOfTheClient() {
    for (String server : EVERYTHING) {
      CallToolResult result = call(server, "trigger-elicitation-request", Map.of());
      assertThat(result.content().toString()).contains("Ada");
    }
  }

  @Test
  void rootsOfTheClientAreTold() {
    for (String server : EVERYTHING) {
      assertThat(textOf(call(server, "get-roots-list", Map.of())))
          .contains(directory.toUri().toString());
    }
  }

  @Test
  void logMessagesComeAtTheLevelThatWasSet() {
    var client = peer("local").client();
    client.setLoggingLevel(LoggingLevel.INFO);
    client.subscribeResource(SubscribeRequest.builder(DOCUMENT).build());
    await()
        .atMost(LONGEST)
        .until(() -> peer("local").logs.stream().anyMatch(log -> log.data().contains(DOCUMENT)));
  }

  @Test
  void resourcesAreListedAndRead() {
    var client = peer("local").client();
    assertThat(client.listResources().resources()).extracting(Resource::uri).contains(DOCUMENT);
    var read = client.readResource(ReadResourceRequest.builder(DOCUMENT).build());
    var contents = (TextResourceContents) read.contents().getFirst();
    assertThat(contents.uri()).isEqualTo(DOCUMENT);
    assertThat(contents.text()).contains("## ");
  }

  @Test
  void promptsAreFilledInAndCompleted() {
    for (String server : EVERYTHING) {
      var client = peer(server).client();
      var request =
          GetPromptRequest.builder(name(server, "args-prompt"))
              .arguments(Map.of("city", "Lima"))
              .build();
      var message = client.getPrompt(request).messages().getFirst();
      assertThat(((TextContent) message.content()).text()).isEqualTo("What's weather in Lima?");
      var reference = new PromptReference(name(server, "completable-prompt"));
      var completion =
          CompleteRequest.builder(reference, new CompleteArgument("department", "S")).build();
      assertThat(client.completeCompletion(completion).completion().values())
          .containsExactly("Sales", "Support");
    }
  }

  private static Map<String, Upstream> upstreams() {
    Map<String, Upstream> upstreams = new LinkedHashMap<>();
    upstreams.put("local", child(node("server-everything", "stdio"), Map.of()));
    upstreams.put("web", new Upstream.Address(listening().base()));
    upstreams.put("files", child(node("server-filesystem", directory.toString()), Map.of()));
    String memory = directory.resolve("memory.jsonl").toString();
    upstreams.put("memory", child(node("server-memory"), Map.of("MEMORY_FILE_PATH", memory)));
    upstreams.put("time", child(List.of(installed(".venv/bin/mcp-server-time")), Map.of()));
    return upstreams;
  }

  private static Upstream child(List<String> command, Map<String, String> environment) {
    return Upstream.Command.of(command, environment);
  }

  private static List<String> node(String server, String... arguments) {
    String script = "node_modules/@modelcontextprotocol/" + server + "/dist/index.js";
    return Launch.join(List.of("node", installed(script)), List.of(arguments));
  }

  private static String installed(String path) {
    Path file = Path.of("peers", path).toAbsolutePath();
    assertThat(file).as("run `make peers`, which installs it").exists();
    return file.toString();
  }

  private static List<Double> progressFor(String server, String token) {
    return peer(server).progress.stream()
        .filter(each -> token.equals(each.progressToken()))
        .map(ProgressNotification::progress)
        .toList();
  }

  private static CallToolResult call(String server, String tool, Map<String, Object> arguments) {
    return peer(server).call(name(server, tool), arguments);
  }

  private static SdkPeer peer(String server) {
    return connected().peer(server);
  }

  private static String name(String server, String name) {
    return connected().name(server, name);
  }

  private static Launch.Listening listening() {
    if (web == null) {
      throw new IllegalStateException("the server that listens was not started");
    }
    return web;
  }

  private static Route.Connected connected() {
    if (connected == null) {
      throw new IllegalStateException("not connected");
    }
    return connected;
  }
}
