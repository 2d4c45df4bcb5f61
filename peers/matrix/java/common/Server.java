import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JsonSchema;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.PromptArgument;
import io.modelcontextprotocol.spec.McpSchema.PromptMessage;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.ResourcesUpdatedNotification;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.SamplingMessage;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransport;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/// A server made with the Java SDK, on standard streams: over HTTP it needs a servlet container.
/// `Age` is what the two ages of the SDK spell differently.
final class Server {
  private static final String NOTE = "matrix://note";
  private static final int STEPS = 3;
  private static final AtomicInteger touched = new AtomicInteger();
  private static final Set<String> cancelled = ConcurrentHashMap.newKeySet();
  private static final AtomicReference<McpSyncServer> server = new AtomicReference<>();

  public static void main(String[] arguments) throws InterruptedException {
    var messages = new FileOutputStream(FileDescriptor.out);
    System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.err), true));
    var input = new EndNoticing(System.in);
    server.set(build(new Patient(input, messages)));
    input.ended.await();
    System.exit(0);
  }

  private static McpSyncServer build(StdioServerTransportProvider transport) {
    var resource = Resource.builder().uri(NOTE).name("note").build();
    var argument = new PromptArgument("name", "Who", true);
    return McpServer.sync(transport)
        .serverInfo("java", "1.0.0")
        .capabilities(
            ServerCapabilities.builder().tools(true).resources(true, true).prompts(true).build())
        .toolCall(tool("add", Map.of("a", type("number"), "b", type("number"))), Server::add)
        .toolCall(tool("slow", Map.of("tag", type("string"), "hold", type("boolean"))), Server::slow)
        .toolCall(tool("cancelled", Map.of("tag", type("string"))), Server::wasCancelled)
        .toolCall(tool("ask_name", Map.of()), Server::askName)
        .toolCall(tool("think", Map.of()), Server::think)
        .toolCall(tool("touch", Map.of()), Server::touch)
        .resources(
            new SyncResourceSpecification(
                resource,
                (exchange, read) ->
                    new ReadResourceResult(
                        List.of(new TextResourceContents(NOTE, "text/plain", note())))))
        .prompts(
            new SyncPromptSpecification(
                new Prompt("greet", "Greets", List.of(argument)),
                (exchange, get) ->
                    new GetPromptResult(
                        "greet",
                        List.of(
                            new PromptMessage(
                                Role.USER,
                                new TextContent("Hello " + get.arguments().get("name")))))))
        .build();
  }

  private static Map<String, Object> type(String name) {
    return Map.of("type", name);
  }

  private static Tool tool(String name, Map<String, Object> properties) {
    var schema = new JsonSchema("object", properties, List.of(), null, null, null);
    return Tool.builder().name(name).inputSchema(schema).build();
  }

  private static CallToolResult text(String words) {
    return CallToolResult.builder().addTextContent(words).build();
  }

  private static String note() {
    return "note " + touched.get();
  }

  private static CallToolResult add(McpSyncServerExchange exchange, CallToolRequest call) {
    double a = ((Number) call.arguments().get("a")).doubleValue();
    return text(String.valueOf((int) (a + ((Number) call.arguments().get("b")).doubleValue())));
  }

  /// Three steps of progress; with `hold` it then waits until it is cancelled, and remembers that.
  private static CallToolResult slow(McpSyncServerExchange exchange, CallToolRequest call) {
    try {
      for (int step = 1; step <= STEPS; step++) {
        Thread.sleep(50);
        if (call.progressToken() != null) {
          exchange.progressNotification(
              new ProgressNotification(call.progressToken(), step, (double) STEPS, null));
        }
      }
      Thread.sleep(Boolean.TRUE.equals(call.arguments().get("hold")) ? 60_000 : 100);
    } catch (InterruptedException e) {
      cancelled.add(tag(call));
      throw new IllegalStateException(e);
    }
    return text("done");
  }

  private static CallToolResult wasCancelled(McpSyncServerExchange exchange, CallToolRequest call) {
    return text(cancelled.contains(tag(call)) ? "yes" : "no");
  }

  private static String tag(CallToolRequest call) {
    return String.valueOf(call.arguments().get("tag"));
  }

  private static CallToolResult askName(McpSyncServerExchange exchange, CallToolRequest call) {
    var schema =
        Map.<String, Object>of("type", "object", "properties", Map.of("name", type("string")));
    var answer = exchange.createElicitation(Age.question("Who are you?", schema));
    return text("Hello " + answer.content().get("name"));
  }

  private static CallToolResult think(McpSyncServerExchange exchange, CallToolRequest call) {
    var message = new SamplingMessage(Role.USER, new TextContent("six times seven"));
    var request =
        new CreateMessageRequest(List.of(message), null, null, null, null, 10, null, null);
    return text("thought: " + ((TextContent) exchange.createMessage(request).content()).text());
  }

  private static CallToolResult touch(McpSyncServerExchange exchange, CallToolRequest call) {
    touched.incrementAndGet();
    server.get().notifyResourcesUpdated(new ResourcesUpdatedNotification(NOTE));
    return text(note());
  }

  /// The SDK drops a message for good when two threads write at the same time ("Failed to enqueue
  /// message"): such a one is written again.
  private static final class Patient extends StdioServerTransportProvider {
    private static final RetryBackoffSpec AGAIN = Retry.fixedDelay(1_000, Duration.ofMillis(1));

    Patient(InputStream input, OutputStream output) {
      super(Age.mapper(), input, output);
    }

    @Override
    public void setSessionFactory(McpServerSession.Factory factory) {
      super.setSessionFactory(transport -> factory.create(new Repeating(transport)));
    }

    private record Repeating(McpServerTransport inner) implements McpServerTransport {
      @Override
      public Mono<Void> sendMessage(JSONRPCMessage message) {
        return inner.sendMessage(message).retryWhen(AGAIN);
      }

      @Override
      public Mono<Void> closeGracefully() {
        return inner.closeGracefully();
      }

      @Override
      public void close() {
        inner.close();
      }

      @Override
      public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return inner.unmarshalFrom(data, type);
      }

      @Override
      public List<String> protocolVersions() {
        return inner.protocolVersions();
      }
    }
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
