package io.watchgate.peers;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageRequest;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.Root;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/// The official Java SDK's client, connected: it answers what servers ask, and keeps what they
/// tell.
final class SdkPeer implements AutoCloseable {

  private static final Duration LONGEST_START = Duration.ofSeconds(60);
  static final String MODEL = "model-of-the-peer";
  static final String ANSWER = "forty-two";

  final Queue<ProgressNotification> progress = new ConcurrentLinkedQueue<>();
  final Queue<LoggingMessageNotification> logs = new ConcurrentLinkedQueue<>();
  final Queue<CreateMessageRequest> sampled = new ConcurrentLinkedQueue<>();
  final Queue<ElicitFormRequest> elicited = new ConcurrentLinkedQueue<>();
  private final McpSyncClient client;

  // The SDK tells every message at DEBUG, which is what a logger without configuration prints.
  static {
    for (String logger : List.of("io.modelcontextprotocol", "reactor")) {
      ((Logger) LoggerFactory.getLogger(logger)).setLevel(Level.WARN);
    }
  }

  private SdkPeer(McpClientTransport transport, String root) {
    this.client =
        McpClient.sync(transport)
            .clientInfo(Implementation.builder("java-peer", "1.0.0").build())
            .capabilities(ClientCapabilities.builder().roots(true).sampling().elicitation().build())
            .requestTimeout(Duration.ofSeconds(30))
            .initializationTimeout(Duration.ofSeconds(30))
            .roots(new Root(root, "root"))
            .sampling(this::answer)
            .elicitation(this::answer)
            .progressConsumer(progress::add)
            .loggingConsumer(logs::add)
            .build();
  }

  /// Connects and does the handshake.
  static SdkPeer connect(McpClientTransport transport, String root) {
    SdkPeer peer = new SdkPeer(transport, root);
    peer.client.initialize();
    return peer;
  }

  /// Waits until the lists of the gateway are those of all servers: one that takes longer to start
  /// than a list waits is named in it as unavailable.
  SdkPeer complete() {
    await().atMost(LONGEST_START).until(() -> client.listTools().meta() == null);
    return this;
  }

  McpSyncClient client() {
    return client;
  }

  CallToolResult call(String tool, Map<String, Object> arguments) {
    return client.callTool(CallToolRequest.builder(tool).arguments(arguments).build());
  }

  static String textOf(CallToolResult result) {
    return ((TextContent) result.content().getFirst()).text();
  }

  @Override
  public void close() {
    client.closeGracefully();
  }

  private CreateMessageResult answer(CreateMessageRequest request) {
    sampled.add(request);
    return CreateMessageResult.builder(Role.ASSISTANT, ANSWER, MODEL).build();
  }

  private ElicitResult answer(ElicitFormRequest request) {
    elicited.add(request);
    Map<String, Object> content = Map.of("color", "blue", "name", "Ada", "check", true);
    return new ElicitResult(ElicitResult.Action.ACCEPT, content);
  }
}
