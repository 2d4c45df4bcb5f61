package io.watchgate.agents;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.watchgate.agents.models.EchoModel;
import io.watchgate.agents.models.Model;
import io.watchgate.agents.models.ModelFailure;
import io.watchgate.agents.models.Tokens;
import io.watchgate.agents.models.Turn;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Refusals;
import io.watchgate.flow.Refusals.Kind;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Session;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.web.BearerTokens;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The API of agents, over real sockets, before a gateway that says what it is told to.
@Timeout(60)
class AgentsServerTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final String ORDER =
      "{\"agent_type\":\"tester\",\"repository_name\":\"demo\",\"user_query\":\"why?\"}";
  private static final Json TOOLS =
      Json.trusted("{\"tools\":[{\"name\":\"a__look\",\"inputSchema\":{\"type\":\"object\"}}]}");
  private static final Json LOOKED =
      Json.trusted("{\"content\":[{\"type\":\"text\",\"text\":\"seen\"}]}");

  private final HttpClient client = HttpClient.newHttpClient();
  private final Refusals refusals = new Refusals();
  private @Nullable Agents agents;
  private @Nullable AgentsServer server;

  /// A gateway with one server that has one tool.
  private static final class OneServer implements Doorway {
    @Override
    public Handler all() {
      return call -> {
        call.trail().sentTo("a");
        return Reply.answer(call, call.method().equals("tools/list") ? TOOLS : LOOKED);
      };
    }

    @Override
    public Optional<Handler> alone(String name) {
      return Optional.of(call -> Reply.answer(call, Json.EMPTY_OBJECT));
    }

    @Override
    public Map<String, String> owners(Session session) {
      return Map.of("a__look", "a");
    }
  }

  private AgentsServerTest start(TestAgents wanted, Map<String, String> principals)
      throws Exception {
    var settings = wanted.type(TestAgents.type("tester", "*")).settings();
    var started = wanted.start(new OneServer());
    agents = started;
    var terms = new AgentsServer.Terms(new BearerTokens(principals), refusals, Time.REAL, "1.2.3");
    server = AgentsServer.start(settings, started, terms);
    return this;
  }

  private AgentsServerTest start(Model model) throws Exception {
    return start(new TestAgents().model(model), Map.of());
  }

  @AfterEach
  void close() {
    if (server != null && agents != null) {
      server.close();
      agents.close();
    }
    client.close();
  }

  private HttpRequest.Builder to(String path) {
    var url = Objects.requireNonNull(server).url();
    return HttpRequest.newBuilder(URI.create(url + "/api/v1/" + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return send(
        to(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
  }

  private static Json json(String text) throws Exception {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
  }

  /// Whether an answer is what the description says of it.
  private void assertDescribed(HttpResponse<String> answer, String schema) throws Exception {
    var request = to("openapi.json").header("Authorization", "Bearer one");
    var description = send(request).body();
    var root = (ObjectNode) MAPPER.readTree(description);
    root.put("$ref", "#/components/schemas/" + schema);
    var registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    var problems = registry.getSchema(root.toString()).validate(answer.body(), InputFormat.JSON);
    assertThat(problems).as(answer.body()).isEmpty();
    var path = answer.uri().getPath().replaceFirst("executions/.*", "executions/{id}");
    var method = answer.request().method().toLowerCase(Locale.ROOT);
    assertThat(root.at("/paths").get(path).at("/" + method + "/responses").propertyNames())
        .contains(Integer.toString(answer.statusCode()));
  }

  @Test
  void executionIsAnsweredInTheShapeThatIsDescribed() throws Exception {
    start(new EchoModel());
    var answer = post("agents/execute", ORDER);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertDescribed(answer, "Execution");
    assertThat(answer.body())
        .matches(
            "\\{\"execution_id\":\"tester_[0-9a-f]{8}\",\"agent_type\":\"tester\","
                + "\"status\":\"completed\",\"answer\":\"a__look says: seen\",\"steps\":\\[\\{"
                + "\"tool\":\"a__look\",\"server\":\"a\",\"duration_ms\":\\d+,"
                + "\"outcome\":\"completed\"}],\"tokens\":\\{\"input\":\\d+,\"output\":\\d+},"
                + "\"duration_ms\":\\d+,\"degraded\":\\[],\"error\":null}");
    var id = json(answer.body()).textMember("execution_id").orElseThrow();
    var again = send(to("executions/" + id));
    assertThat(again.body()).isEqualTo(answer.body());
    assertDescribed(again, "Execution");
    assertDescribed(send(to("executions/" + id).DELETE()), "Execution");
  }

  @Test
  void stepsAndTextAreToldAsTheyCome() throws Exception {
    start(new EchoModel());
    var request =
        to("agents/execute")
            .header("Content-Type", "application/json")
            .header("Accept", "text/event-stream")
            .POST(BodyPublishers.ofString(ORDER));
    var answer = send(request);

    assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
    assertThat(answer.body().lines().filter(line -> line.startsWith("event:")))
        .containsExactly(
            "event: execution", "event: calling", "event: step", "event: text", "event: result");
    var last = answer.body().strip().lines().reduce((_, next) -> next).orElseThrow();
    assertThat(json(last.substring(5)).textMember("status")).contains("completed");
  }

  @Test
  void severalAreRunAtOnceAndJoined() throws Exception {
    var slow = new CountDownLatch(1);
    start((conversation, wish) -> {
      if (conversation.parts().getFirst().toString().contains("slow")) {
        slow.await();
      }
      return new Turn("done", List.of(), Tokens.NONE);
    });
    var quick = ORDER;
    var late = ORDER.replace("why?", "slow");
    var all = "{\"executions\":[%s,%s]}".formatted(quick, quick);
    var first = "{\"executions\":[%s,%s],\"join\":\"first\"}".formatted(late, quick);
    var two =
        "{\"executions\":[%s,%s,%s],\"join\":\"quorum\",\"quorum\":2}"
            .formatted(quick, late, quick);
    for (var body : List.of(all, first, two)) {
      var answer = post("agents/execute-parallel", body);
      assertDescribed(answer, "Executions");
      assertThat(json(answer.body()).textMember("status")).as(body).contains("completed");
      assertThat(answer.body().split("\"status\":\"cancelled\"", -1))
          .hasSize(body.contains("slow") ? 2 : 1);
    }
    assertThat(post("agents/execute-parallel", all.replace("}]", "}],\"quorum\":1")).body())
        .contains("\"join\":\"all\"");
  }

  @Test
  void cancelledExecutionIsAnsweredAndSaysSo() throws Exception {
    var started = new CompletableFuture<Boolean>();
    start((conversation, wish) -> {
      started.complete(true);
      new CountDownLatch(1).await();
      return new Turn("never", List.of(), Tokens.NONE);
    });
    var request =
        to("agents/execute")
            .header("Content-Type", "application/json")
            .header("Accept", "text/event-stream")
            .POST(BodyPublishers.ofString(ORDER));
    var stream = client.sendAsync(request.build(), BodyHandlers.ofLines()).join().body().iterator();
    started.join();
    assertThat(stream.next()).isEqualTo("event: execution");
    var id = json(stream.next().substring(5)).textMember("execution_id").orElseThrow();
    var running = send(to("executions/" + id));
    assertDescribed(running, "Execution");
    assertThat(running.body()).contains("\"status\":\"running\"");

    assertThat(send(to("executions/" + id).DELETE()).statusCode()).isEqualTo(200);
    var rest = new ArrayList<String>();
    stream.forEachRemaining(rest::add);
    assertThat(rest.toString()).contains("event: result", "\"status\":\"cancelled\"");
  }

  @Test
  void executionWhoseListenerIsGoneEnds() throws Exception {
    var interrupted = new CompletableFuture<Boolean>();
    start((conversation, wish) -> {
      try {
        while (true) {
          wish.text().accept("more and more");
          Time.REAL.pass(Duration.ofMillis(1));
        }
      } catch (InterruptedException gone) {
        interrupted.complete(true);
        throw gone;
      }
    });
    var url = URI.create(Objects.requireNonNull(server).url());
    try (var socket = new Socket(url.getHost(), url.getPort())) {
      var request =
          """
          POST /api/v1/agents/execute HTTP/1.1\r
          Host: localhost\r
          Content-Type: application/json\r
          Accept: text/event-stream\r
          Content-Length: %d\r
          \r
          %s\
          """
              .formatted(ORDER.length(), ORDER);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      assertThat(socket.getInputStream().read()).isPositive();
    }
    assertThat(interrupted.join()).isTrue();
  }

  @Test
  void modelThatIsDownIsABadGateway() throws Exception {
    start((conversation, wish) -> {
      throw new ModelFailure("model \"m\" is not there");
    });
    var answer = post("agents/execute", ORDER);

    assertThat(answer.statusCode()).isEqualTo(502);
    assertDescribed(answer, "Execution");
    assertThat(answer.body()).contains("\"error\":\"model \\\"m\\\" is not there\"");
  }

  @Test
  void badRequestsAreToldWhatIsWrong() throws Exception {
    start(new EchoModel());
    bad(400, "user_query is missing", "{\"agent_type\":\"tester\"}");
    bad(400, "agent_type must be a text", "{\"agent_type\":1,\"user_query\":\"a\"}");
    bad(400, "no field repo", ORDER.replace("repository_name", "repo"));
    bad(400, "cache must be", ORDER.replace("}", ",\"cache\":1}"));
    bad(400, "not JSON", "{");
    bad(400, "a JSON object", "[]");
    bad(404, "no agent type \\\"nobody\\\" (known: tester)", ORDER.replace("tester", "nobody"));
    bad(413, "limit is 1000", ORDER.replace("why?", "y".repeat(1001)));
    bad(413, "more than", ORDER.replace("why?", "y".repeat(20_000)));
    bad(413, "repository_name", ORDER.replace("demo", "y".repeat(257)));
    for (var body : List.of("{}", "{\"executions\":[]}", "{\"executions\":[1]}")) {
      var answer = post("agents/execute-parallel", body);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertDescribed(answer, "Error");
    }
    for (var join : List.of("\"some\"", "7", "\"quorum\"", "\"quorum\",\"quorum\":2")) {
      var several = "{\"executions\":[" + ORDER + "],\"join\":" + join + "}";
      assertThat(post("agents/execute-parallel", several).statusCode()).isEqualTo(400);
    }
    assertThat(send(to("agents/execute")).statusCode()).isEqualTo(405);
    assertThat(send(to("agents").DELETE()).headers().firstValue("Allow")).contains("GET");
    assertThat(send(to("nothing")).statusCode()).isEqualTo(404);
    assertThat(send(to("executions/nothing")).statusCode()).isEqualTo(404);
    var plain = to("agents/execute").POST(BodyPublishers.ofString(ORDER));
    assertThat(send(plain).statusCode()).isEqualTo(415);
  }

  private void bad(int status, String why, String body) throws Exception {
    var answer = post("agents/execute", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(why);
    assertDescribed(answer, "Error");
  }

  @Test
  void onlyThoseWithATokenComeInAndSeeWhatIsTheirs() throws Exception {
    start(new TestAgents(), Map.of("one", "token 1", "two", "token 2"));
    var order =
        to("agents/execute")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(ORDER));

    assertDescribed(send(order.copy()), "Error");
    assertThat(send(order.copy().header("Authorization", "Bearer three")).statusCode())
        .isEqualTo(401);
    assertThat(refusals.count(Kind.TOKEN)).isEqualTo(2);
    var mine = send(order.copy().header("Authorization", "bearer one")).body();
    var id = json(mine).textMember("execution_id").orElseThrow();
    var asked = to("executions/" + id);
    assertThat(send(asked.copy().header("Authorization", "Bearer one")).statusCode())
        .isEqualTo(200);
    assertThat(send(asked.copy().header("Authorization", "Bearer two")).statusCode())
        .isEqualTo(404);
  }

  @Test
  void pagesOfTheWebDoNotComeIn() throws Exception {
    start(new EchoModel());
    var url = URI.create(Objects.requireNonNull(server).url());
    assertThat(raw(url, "evil.example")).startsWith("HTTP/1.1 403");
    assertThat(raw(url, "localhost:" + url.getPort())).startsWith("HTTP/1.1 200");
    assertThat(send(to("agents").header("Origin", "http://evil.example")).statusCode())
        .isEqualTo(403);
    assertThat(send(to("agents").header("Origin", "http://localhost:3000")).statusCode())
        .isEqualTo(200);
    assertThat(refusals.count(Kind.HOST)).isEqualTo(2);
  }

  private static String raw(URI url, String host) throws Exception {
    try (var socket = new Socket(url.getHost(), url.getPort())) {
      var request =
          "GET /api/v1/agents HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void typesAndTheDescriptionAreListed() throws Exception {
    start(new EchoModel());
    var types = send(to("agents"));

    assertDescribed(types, "Types");
    assertThat(types.body()).contains("\"agent_type\":\"tester\"", "\"model\":\"echo\"");
    assertThat(send(to("openapi.json")).body()).contains("1.2.3");
  }

  @Test
  void whatIsTooMuchIsToldWhenToComeBack() throws Exception {
    var release = new CompletableFuture<Turn>();
    var limits = new AgentLimits(1, 0, Duration.ofSeconds(1), 1000, 0, 2, 1000);
    start(new TestAgents().limits(limits).model((conversation, wish) -> release.join()), Map.of());
    var waiting =
        client.sendAsync(
            to("agents/execute")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(ORDER))
                .build(),
            BodyHandlers.ofString());
    while (Objects.requireNonNull(agents).atWork() == 0) {
      Thread.onSpinWait();
    }
    var full = post("agents/execute", ORDER);
    assertThat(full.statusCode()).isEqualTo(503);
    assertDescribed(full, "Error");
    assertThat(full.headers().firstValue("Retry-After")).isPresent();
    var several = "{\"executions\":[" + ORDER + "]}";
    assertThat(post("agents/execute-parallel", several).statusCode()).isEqualTo(503);
    release.complete(new Turn("done", List.of(), Tokens.NONE));
    assertThat(waiting.join().statusCode()).isEqualTo(200);
    assertThat(post("agents/execute", ORDER).statusCode()).isEqualTo(200);
    var limited = post("agents/execute", ORDER);
    assertThat(limited.statusCode()).isEqualTo(429);
    assertThat(limited.headers().firstValue("Retry-After")).contains("30");
    assertThat(post("agents/execute-parallel", several).statusCode()).isEqualTo(429);
  }
}
