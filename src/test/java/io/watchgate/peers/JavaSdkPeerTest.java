package io.watchgate.peers;

import static io.watchgate.peers.SdkPeer.textOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest.CompleteArgument;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.PromptReference;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.ResourceTemplate;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The official Java SDK's client with two servers made with the Java SDK, straight and through the
/// gateway: whatever works straight works the same through it.
@ParameterizedClass
@EnumSource(Route.class)
@Timeout(60)
final class JavaSdkPeerTest {

  private static final List<String> SERVERS = List.of("one", "two");
  private static final Duration LONGEST = Duration.ofSeconds(10);

  @TempDir static Path directory;
  private static Route.@Nullable Connected connected;

  private final Route route;

  JavaSdkPeerTest(Route route) {
    this.route = route;
  }

  @BeforeParameterizedClassInvocation
  static void connect(Route route) {
    Map<String, Upstream> upstreams = new LinkedHashMap<>();
    SERVERS.forEach(name ->
        upstreams.put(name, Upstream.Command.of(Launch.java(JavaSdkServer.class, name), Map.of())));
    connected = route.connect(directory, upstreams);
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
  void pingIsAnswered() {
    for (String server : SERVERS) {
      assertThat(peer(server).client().ping()).isNotNull();
    }
  }

  @Test
  void everyToolOfEveryServerIsListedInOrder() {
    Stream<String> names =
        connected().peers().values().stream()
            .flatMap(peer -> peer.client().listTools().tools().stream())
            .map(Tool::name);
    assertThat(names)
        .containsExactlyElementsOf(
            SERVERS.stream()
                .flatMap(server -> JavaSdkServer.TOOLS.stream().map(tool -> name(server, tool)))
                .toList());
  }

  @Test
  void callsAtOnceGetTheirOwnAnswers() throws Exception {
    List<Callable<String>> calls =
        IntStream.range(0, 50)
            .boxed()
            .flatMap(
                i -> SERVERS.stream().map(server -> echoing(server, "call " + i + " ü \u2028")))
            .toList();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> answers = executor.invokeAll(calls);
      for (int i = 0; i < answers.size(); i++) {
        String server = SERVERS.get(i % SERVERS.size());
        assertThat(answers.get(i).get())
            .isEqualTo(server + ": call " + i / SERVERS.size() + " ü \u2028");
      }
    }
  }

  @Test
  void structuredContentComesBack() {
    CallToolResult result = call("two", "sum", Map.of("a", 0.5, "b", 2));
    assertThat(result.structuredContent()).isEqualTo(Map.of("total", 2.5));
    assertThat(textOf(result)).isEqualTo("2.5");
  }

  @Test
  void progressComesWithTheTokenOfTheCaller() {
    for (String server : SERVERS) {
      String token = "token of " + server;
      CallToolRequest request =
          CallToolRequest.builder(name(server, "steps"))
              .arguments(Map.of("count", 3))
              .progressToken(token)
              .build();
      peer(server).client().callTool(request);
      await().atMost(LONGEST).until(() -> stepsFor(server, token).size() == 3);
      assertThat(stepsFor(server, token)).containsExactlyInAnyOrder("step 1", "step 2", "step 3");
    }
  }

  @Test
  void samplingIsAskedOfTheClient() {
    CallToolResult result = call("one", "sample", Map.of("prompt", "six times seven?"));
    assertThat(textOf(result)).isEqualTo("one: " + SdkPeer.MODEL + " says " + SdkPeer.ANSWER);
    assertThat(peer("one").sampled)
        .anySatisfy(request -> assertThat(request.maxTokens()).isEqualTo(17));
  }

  @Test
  void elicitationIsAskedOfTheClient() {
    CallToolResult result = call("two", "elicit", Map.of());
    assertThat(textOf(result)).startsWith("two: ACCEPT ").contains("color=blue");
    assertThat(peer("two").elicited)
        .anySatisfy(request -> assertThat(request.message()).isEqualTo("Which color?"));
  }

  @Test
  void rootsOfTheClientAreTold() {
    assertThat(textOf(call("one", "roots", Map.of())))
        .isEqualTo("one: [" + directory.toUri() + "]");
  }

  @Test
  void logMessagesComeAtTheLevelThatWasSet() {
    peer("two").client().setLoggingLevel(LoggingLevel.WARNING);
    call("two", "log", Map.of());
    await().atMost(LONGEST).until(() -> logged("two").contains("WARNING of two"));
    assertThat(logged("two")).doesNotContain("DEBUG of two");
  }

  @Test
  void resourcesAndTemplatesAreListedAndRead() {
    for (String server : SERVERS) {
      var client = peer(server).client();
      assertThat(client.listResources().resources())
          .extracting(Resource::uri)
          .contains("peer://" + server + "/note");
      assertThat(client.listResourceTemplates().resourceTemplates())
          .extracting(ResourceTemplate::uriTemplate)
          .contains("peer://" + server + "/page/{number}");
      for (String path : List.of("/note", "/page/12")) {
        String uri = "peer://" + server + path;
        var contents =
            client.readResource(ReadResourceRequest.builder(uri).build()).contents().getFirst();
        assertThat(contents)
            .isEqualTo(
                TextResourceContents.builder(uri, server + " has " + uri)
                    .mimeType("text/plain")
                    .build());
      }
    }
  }

  @Test
  void promptsAreListedFilledInAndCompleted() {
    for (String server : SERVERS) {
      var client = peer(server).client();
      String prompt = name(server, "weather");
      assertThat(client.listPrompts().prompts()).anyMatch(each -> each.name().equals(prompt));
      var filled =
          client.getPrompt(
              GetPromptRequest.builder(prompt).arguments(Map.of("city", "Bern")).build());
      assertThat(((TextContent) filled.messages().getFirst().content()).text())
          .isEqualTo(server + " asks for the weather in Bern");
      var request =
          CompleteRequest.builder(new PromptReference(prompt), new CompleteArgument("city", "Ber"))
              .build();
      assertThat(client.completeCompletion(request).completion().values())
          .containsExactly("Berlin", "Bern");
    }
  }

  @Test
  void failureOfAToolIsAResult() {
    CallToolResult result = call("one", "fail", Map.of());
    assertThat(result.isError()).isTrue();
    assertThat(textOf(result)).isEqualTo("one cannot");
  }

  @Test
  void unknownToolIsAnError() {
    McpError error =
        catchThrowableOfType(McpError.class, () -> call("one", "no-such-tool", Map.of()));
    assertThat(error.getJsonRpcError().code()).isEqualTo(-32602);
  }

  private static Callable<String> echoing(String server, String message) {
    return () -> textOf(call(server, "echo", Map.of("message", message)));
  }

  private static List<String> stepsFor(String server, String token) {
    return peer(server).progress.stream()
        .filter(each -> token.equals(each.progressToken()))
        .map(ProgressNotification::message)
        .toList();
  }

  private static List<String> logged(String server) {
    return peer(server).logs.stream().map(LoggingMessageNotification::data).toList();
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

  private static Route.Connected connected() {
    if (connected == null) {
      throw new IllegalStateException("not connected");
    }
    return connected;
  }
}
