import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.SubscribeRequest;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.UnsubscribeRequest;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The client of the Java SDK, which speaks the revisions with a handshake; the checks are those of
/// `checks.mjs`. `Age` is what the two ages of the SDK spell differently.
final class Client {
  /// What the SDK says when two of its own threads send at the same time: it sent nothing then.
  private static final String NOT_SENT = "Failed to enqueue message";

  /// Nobody waits that long but for what never comes.
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /// Until every server has started.
  private static final Duration FIRST = Duration.ofSeconds(60);

  private static final String ANSWER = "42";
  private static final List<String> TOOLS =
      List.of("add", "ask_name", "cancelled", "slow", "think", "touch");

  private final String label;
  private final McpSyncClient client;
  private final BlockingQueue<ProgressNotification> progress = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> updated = new LinkedBlockingQueue<>();

  private interface Check {
    void run(String key, String prefix, String uri) throws Exception;
  }

  @SuppressWarnings("unchecked")
  public static void main(String[] arguments) throws IOException {
    var output = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
    System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.err), true));
    Map<String, Object> job = Age.mapper().readValue(System.in.readAllBytes(), Map.class);
    List<Map<String, String>> outcomes = new ArrayList<>();
    for (var each : (List<Map<String, Object>>) job.get("targets")) {
      var servers = (List<Map<String, Object>>) each.get("servers");
      try {
        var client = new Client((String) job.get("label"), (Map<String, Object>) each.get("target"));
        servers.forEach(server -> client.checkServer(server, outcomes));
        client.client.closeGracefully();
      } catch (RuntimeException e) {
        servers.forEach(server -> outcomes.add(outcome((String) server.get("key"), "connect", e)));
      }
    }
    output.println(Age.mapper().writeValueAsString(outcomes));
    System.exit(0);
  }

  private Client(String label, Map<String, Object> target) {
    this.label = label;
    this.client =
        McpClient.sync(transport(target))
            .clientInfo(new Implementation("java", "1.0.0"))
            .capabilities(ClientCapabilities.builder().sampling().elicitation().build())
            .requestTimeout(LIMIT)
            .initializationTimeout(FIRST)
            .sampling(request -> new CreateMessageResult(Role.ASSISTANT, new TextContent(ANSWER), "none", null))
            .elicitation(request -> new ElicitResult(ElicitResult.Action.ACCEPT, Map.of("name", label)))
            .progressConsumer(progress::add)
            .resourcesUpdateConsumer(contents -> contents.forEach(each -> updated.add(each.uri())))
            .build();
    client.initialize();
  }

  @SuppressWarnings("unchecked")
  private static McpClientTransport transport(Map<String, Object> target) {
    if (target.get("url") instanceof String url) {
      var uri = URI.create(url);
      return HttpClientStreamableHttpTransport.builder(uri.getScheme() + "://" + uri.getAuthority())
          .endpoint(uri.getPath())
          .build();
    }
    // The SDK has no way to start a program in another directory.
    var parameters =
        ServerParameters.builder((String) target.get("command"))
            .args((List<String>) target.get("args"))
            .env((Map<String, String>) target.getOrDefault("env", Map.of()))
            .build();
    return new StdioClientTransport(parameters, Age.mapper());
  }

  private void checkServer(Map<String, Object> server, List<Map<String, String>> outcomes) {
    Map<String, Check> checks = new LinkedHashMap<>();
    checks.put("list", this::list);
    checks.put("call", (key, prefix, uri) -> same(call(prefix + "add", Map.of("a", 2, "b", 3)), "5"));
    checks.put("read", this::read);
    checks.put("prompt", this::prompt);
    checks.put("progress", this::progress);
    checks.put("cancel", (key, prefix, uri) -> same("no way to cancel", "a way to cancel"));
    checks.put("elicit", (key, prefix, uri) -> same(call(prefix + "ask_name", Map.of()), "Hello " + label));
    checks.put("sample", (key, prefix, uri) -> same(call(prefix + "think", Map.of()), "thought: " + ANSWER));
    checks.put("subscribe", this::subscribe);
    checks.keySet().removeAll((List<?>) server.get("without"));
    var key = (String) server.get("key");
    checks.forEach((name, check) -> {
      Exception failure = attempt(check, server);
      for (int i = 0; i < 20 && failure != null && NOT_SENT.equals(failure.getMessage()); i++) {
        LockSupport.parkNanos(50_000_000);
        failure = attempt(check, server);
      }
      outcomes.add(outcome(key, name, failure));
    });
  }

  /// Why a check fails, null when it does not: any failure is an outcome.
  private static Exception attempt(Check check, Map<String, Object> server) {
    try {
      check.run((String) server.get("key"), (String) server.get("prefix"), (String) server.get("uri"));
      return null;
    } catch (Exception e) {
      return e;
    }
  }

  private static Map<String, String> outcome(String key, String check, Exception failure) {
    var cause = failure != null && failure.getCause() != null ? " from " + failure.getCause() : "";
    return failure == null
        ? Map.of("key", key, "check", check)
        : Map.of("key", key, "check", check, "error", failure + cause);
  }

  private static void same(Object actual, Object expected) {
    if (!actual.equals(expected)) {
      throw new Different(actual + " is not " + expected);
    }
  }

  private static final class Different extends RuntimeException {
    Different(String what) {
      super(what);
    }
  }

  private String call(String tool, Map<String, Object> arguments) {
    return call(new CallToolRequest(tool, arguments));
  }

  private String call(CallToolRequest request) {
    return ((TextContent) client.callTool(request).content().get(0)).text();
  }

  /// Until a server has started, the gateway's lists are without it.
  private void list(String key, String prefix, String uri) throws InterruptedException {
    for (long end = System.nanoTime() + FIRST.toNanos(); ; Thread.sleep(200)) {
      try {
        listed(prefix, uri);
        return;
      } catch (Different e) {
        if (System.nanoTime() > end) {
          throw e;
        }
      }
    }
  }

  private void listed(String prefix, String uri) {
    var names = client.listTools().tools().stream().map(tool -> tool.name());
    same(
        names.filter(name -> name.startsWith(prefix)).sorted().toList(),
        TOOLS.stream().map(name -> prefix + name).toList());
    var prompts = client.listPrompts().prompts().stream().map(prompt -> prompt.name()).toList();
    same(prompts.contains(prefix + "greet"), true);
    var uris = client.listResources().resources().stream().map(resource -> resource.uri()).toList();
    same(uris.contains(uri), true);
  }

  private void read(String key, String prefix, String uri) {
    var contents = client.readResource(new ReadResourceRequest(uri)).contents().get(0);
    same(((TextResourceContents) contents).text().matches("note \\d+"), true);
    same(contents.uri(), uri);
  }

  private void prompt(String key, String prefix, String uri) {
    var result = client.getPrompt(new GetPromptRequest(prefix + "greet", Map.of("name", label)));
    same(((TextContent) result.messages().get(0).content()).text(), "Hello " + label);
  }

  /// Over HTTP the SDK hands each event to whichever thread is free, so they come in any order.
  private void progress(String key, String prefix, String uri) throws InterruptedException {
    progress.clear();
    Map<String, Object> meta = Map.of("progressToken", "progress of " + key);
    same(call(new CallToolRequest(prefix + "slow", Map.of("tag", "no"), meta)), "done");
    var seen = new TreeSet<Double>();
    for (int step = 1; step <= 3; step++) {
      var next = progress.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
      seen.add(next == null ? 0.0 : next.progress());
    }
    same(seen, Set.of(1.0, 2.0, 3.0));
    same(progress.isEmpty(), true);
  }

  private void subscribe(String key, String prefix, String uri) throws InterruptedException {
    updated.clear();
    client.subscribeResource(new SubscribeRequest(uri));
    call(prefix + "touch", Map.of());
    var seen = updated.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
    same(seen == null ? "no update" : seen, uri);
    client.unsubscribeResource(new UnsubscribeRequest(uri));
  }
}
