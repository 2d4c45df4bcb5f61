package io.watchgate.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncCompletionSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceTemplateSpecification;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest;
import io.modelcontextprotocol.spec.McpSchema.CompleteResult;
import io.modelcontextprotocol.spec.McpSchema.CompleteResult.CompleteCompletion;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptResult;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.PromptArgument;
import io.modelcontextprotocol.spec.McpSchema.PromptMessage;
import io.modelcontextprotocol.spec.McpSchema.PromptReference;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.ResourceTemplate;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.Root;
import io.modelcontextprotocol.spec.McpSchema.SamplingMessage;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// A server made with the official Java SDK, on standard streams: tools that use every way in which
/// a server can talk back, a resource, a template, a prompt and its completion.
///
/// Its one argument is its name; it is in every answer, so that a test sees whose answer came.
final class JavaSdkServer {

  static final List<String> TOOLS =
      List.of("echo", "sum", "steps", "sample", "elicit", "roots", "log", "fail");

  private static final Map<String, Object> ANY_OBJECT = Map.of("type", "object");
  private static final List<String> CITIES = List.of("Berlin", "Bern", "Lima");

  private final String name;

  private JavaSdkServer(String name) {
    this.name = name;
  }

  /// Serves until its input ends.
  public static void main(String[] arguments) throws InterruptedException {
    OutputStream messages = new FileOutputStream(FileDescriptor.out);
    // Logging of the SDK must not get between the messages.
    System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8));
    EndNoticing input = new EndNoticing(System.in);
    var transport = new StdioServerTransportProvider(mapper(), input, messages);
    var server = new JavaSdkServer(arguments[0]).specification(transport).build();
    input.ended.await();
    server.closeGracefully();
    System.exit(0);
  }

  // SDK 2.1.0 writes the `mode` of an elicitation twice, which Jackson 3.2 refuses to do
  // (modelcontextprotocol/java-sdk#1045).
  private static McpJsonMapper mapper() {
    return new JacksonMcpJsonMapper(
        JsonMapper.builder().addMixIn(ElicitFormRequest.class, ModeOnce.class).build());
  }

  /// Leaves the mode to the type information.
  interface ModeOnce {
    @JsonIgnore
    String mode();
  }

  private McpServer.SyncSpecification<?> specification(StdioServerTransportProvider transport) {
    return McpServer.sync(transport)
        .serverInfo(name, "1.0.0")
        .capabilities(
            ServerCapabilities.builder()
                .tools(true)
                .resources(false, true)
                .prompts(true)
                .logging()
                .completions()
                .build())
        .toolCall(tool("echo"), (exchange, call) -> text(argument(call, "message")))
        .toolCall(sumTool(), (exchange, call) -> sum(call))
        .toolCall(tool("steps"), this::steps)
        .toolCall(tool("sample"), this::sample)
        .toolCall(tool("elicit"), this::elicit)
        .toolCall(tool("roots"), this::roots)
        .toolCall(tool("log"), this::log)
        .toolCall(tool("fail"), (exchange, call) -> failure())
        .resources(new SyncResourceSpecification(resource(), (exchange, read) -> contents(read)))
        .resourceTemplates(
            new SyncResourceTemplateSpecification(template(), (exchange, read) -> contents(read)))
        .prompts(new SyncPromptSpecification(prompt(), (exchange, get) -> promptOf(get)))
        .completions(
            new SyncCompletionSpecification(
                new PromptReference("weather"), (exchange, request) -> complete(request)));
  }

  private static Tool tool(String name) {
    return Tool.builder(name, ANY_OBJECT).description("The tool " + name).build();
  }

  private static Tool sumTool() {
    Map<String, Object> total = Map.of("total", Map.of("type", "number"));
    return Tool.builder("sum", ANY_OBJECT)
        .outputSchema(Map.of("type", "object", "properties", total, "required", List.of("total")))
        .build();
  }

  private CallToolResult text(Object value) {
    return CallToolResult.builder().addTextContent(name + ": " + value).build();
  }

  private static CallToolResult sum(CallToolRequest call) {
    double total = number(call, "a") + number(call, "b");
    return CallToolResult.builder()
        .addTextContent(String.valueOf(total))
        .structuredContent(Map.of("total", total))
        .build();
  }

  private static Object argument(CallToolRequest call, String name) {
    return Objects.requireNonNull(call.arguments().get(name), name);
  }

  private static double number(CallToolRequest call, String argument) {
    return ((Number) argument(call, argument)).doubleValue();
  }

  private CallToolResult steps(McpSyncServerExchange exchange, CallToolRequest call) {
    int count = (int) number(call, "count");
    for (int step = 1; step <= count; step++) {
      exchange.progressNotification(
          ProgressNotification.builder(call.progressToken(), step)
              .total((double) count)
              .message("step " + step)
              .build());
    }
    return text(count + " steps");
  }

  private CallToolResult sample(McpSyncServerExchange exchange, CallToolRequest call) {
    var question = TextContent.builder(argument(call, "prompt").toString()).build();
    var request =
        CreateMessageRequest.builder(List.of(new SamplingMessage(Role.USER, question)), 17).build();
    var answer = exchange.createMessage(request);
    return text(answer.model() + " says " + ((TextContent) answer.content()).text());
  }

  private CallToolResult elicit(McpSyncServerExchange exchange, CallToolRequest call) {
    Map<String, Object> schema =
        Map.of("type", "object", "properties", Map.of("color", Map.of("type", "string")));
    var answer =
        exchange.createElicitation(ElicitFormRequest.builder("Which color?", schema).build());
    return text(answer.action() + " " + answer.content());
  }

  private CallToolResult roots(McpSyncServerExchange exchange, CallToolRequest call) {
    return text(exchange.listRoots().roots().stream().map(Root::uri).toList());
  }

  private CallToolResult log(McpSyncServerExchange exchange, CallToolRequest call) {
    for (LoggingLevel level : List.of(LoggingLevel.DEBUG, LoggingLevel.WARNING)) {
      String data = level + " of " + name;
      exchange.loggingNotification(new LoggingMessageNotification(level, "peer", data));
    }
    return text("logged");
  }

  private CallToolResult failure() {
    return CallToolResult.builder().isError(true).addTextContent(name + " cannot").build();
  }

  private Resource resource() {
    return Resource.builder("peer://" + name + "/note", "note").mimeType("text/plain").build();
  }

  private ResourceTemplate template() {
    return ResourceTemplate.builder("peer://" + name + "/page/{number}", "page").build();
  }

  private ReadResourceResult contents(ReadResourceRequest read) {
    String text = name + " has " + read.uri();
    var contents = TextResourceContents.builder(read.uri(), text).mimeType("text/plain").build();
    return ReadResourceResult.builder(List.of(contents)).build();
  }

  private static Prompt prompt() {
    var city = PromptArgument.builder("city").description("Where").required(true).build();
    return Prompt.builder("weather")
        .description("Asks for the weather")
        .arguments(List.of(city))
        .build();
  }

  private GetPromptResult promptOf(GetPromptRequest get) {
    String text = name + " asks for the weather in " + get.arguments().get("city");
    return GetPromptResult.builder(
            List.of(new PromptMessage(Role.USER, TextContent.builder(text).build())))
        .description("weather")
        .build();
  }

  private static CompleteResult complete(CompleteRequest request) {
    Stream<String> fitting =
        CITIES.stream().filter(city -> city.startsWith(request.argument().value()));
    List<String> values = fitting.toList();
    return new CompleteResult(new CompleteCompletion(values, values.size(), false));
  }

  /// Tells when its source has ended, which is how a client says that it wants no more.
  private static final class EndNoticing extends FilterInputStream {
    private final CountDownLatch ended = new CountDownLatch(1);

    EndNoticing(InputStream source) {
      super(source);
    }

    @Override
    public int read() throws IOException {
      return noticing(super.read());
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return noticing(super.read(buffer, offset, length));
    }

    private int noticing(int result) {
      if (result < 0) {
        ended.countDown();
      }
      return result;
    }
  }
}
