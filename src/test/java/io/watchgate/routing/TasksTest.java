package io.watchgate.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.flow.Client;
import io.watchgate.flow.Refusals.Kind;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ProtocolVersion;
import io.watchgate.testkit.RecordingSession;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tasks of both revisions: where requests about them go, and under which ids clients know them.
@Timeout(60)
class TasksTest {
  private static final Json DECLARED =
      Json.trusted("{\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}");
  private static final String CORE = "{\"tools\":{},\"tasks\":{\"list\":{},\"cancel\":{}}}";
  private static final String EXTENSION =
      "{\"tools\":{},\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}";
  private static final String STATUS = "\"status\":\"working\"";
  private static final String META =
      "\"_meta\":{\"io.modelcontextprotocol/related-task\":{\"taskId\":\"%s\"}}";

  private final FakeServer one = new FakeServer("one").tools("run").capable(CORE);
  private final FakeServer two = new FakeServer("two").tools("run").capable(CORE);
  private final FakeServer three = new FakeServer("three").tools("plain");
  private final RouterContext context = new RouterContext(one, two, three);
  private final RecordingSession stranger = new RecordingSession("x").of("stranger");
  private final RecordingSession stateless =
      new RecordingSession("stateless", DECLARED).speaking(ProtocolVersion.NEWEST_STATELESS);

  private static FakeServer answering(FakeServer server, String method, String result) {
    return server.answers(
        method, call -> Response.success(call.request().id(), Json.trusted(result)));
  }

  private static String params(String taskId) {
    return Json.object("taskId", taskId).toString();
  }

  /// Has `two` run a task that it calls `t1`.
  private String started() throws InterruptedException {
    answering(two, "tools/call", "{\"task\":{\"taskId\":\"t1\",%s}}".formatted(STATUS));
    return context.send("tools/call", "{\"name\":\"two__run\",\"task\":{}}").result().stream()
        .flatMap(result -> result.member("task").stream())
        .flatMap(task -> task.textMember("taskId").stream())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void requestsAboutATaskGoToTheServerThatRunsIt() throws Exception {
    var id = started();
    assertThat(id).matches("[\\w-]+").doesNotContain("t1");
    answering(two, "tasks/get", "{\"taskId\":\"t1\",%s}".formatted(STATUS));
    answering(two, "tasks/cancel", "{\"taskId\":\"t1\",\"status\":\"cancelled\"}");
    answering(two, "tasks/result", "{\"taskId\":\"t1\",%s}".formatted(META.formatted("t1")));

    assertThat(context.result("tasks/get", params(id)))
        .isEqualTo("{\"taskId\":\"%s\",%s}".formatted(id, STATUS));
    assertThat(two.got("tasks/get").getFirst()).contains("\"taskId\":\"t1\"");
    assertThat(context.result("tasks/cancel", params(id))).contains(id, "cancelled");
    // The result of the tool may have a member of that name; only its _meta is about the task.
    assertThat(context.result("tasks/result", params(id)))
        .isEqualTo("{\"taskId\":\"t1\",%s}".formatted(META.formatted(id)));
    assertThat(one.got("tasks/get")).isEmpty();
  }

  @Test
  void taskThatTheServerDecidesOnHasItsIdInTheResultItself() throws Exception {
    two.capable(EXTENSION).stateless();
    answering(
        two, "tools/call", "{\"resultType\":\"task\",\"taskId\":\"t1\",%s}".formatted(STATUS));
    answering(two, "tasks/update", "{\"resultType\":\"complete\"}");
    var made = context.send(stateless, "tools/call", "{\"name\":\"two__run\"}").result();
    var id = made.orElseThrow().textMember("taskId").orElseThrow();

    assertThat(id).isNotEqualTo("t1");
    var params = "{\"taskId\":\"%s\",\"inputResponses\":{\"k\":{}}}".formatted(id);
    assertThat(context.send(stateless, "tasks/update", params).result()).isPresent();
    assertThat(two.got("tasks/update").getFirst())
        .contains("{\"taskId\":\"t1\",\"inputResponses\":{\"k\":{}}}");

    answering(two, "tools/call", "{\"content\":[],\"taskId\":\"mine\"}");
    assertThat(context.send(stateless, "tools/call", "{\"name\":\"two__run\"}").result())
        .hasToString("Optional[{\"content\":[],\"taskId\":\"mine\"}]");
  }

  @Test
  void taskOfAnotherPrincipalIsUnknownAndReachesNoServer() throws Exception {
    var id = started();

    for (var method : List.of("tasks/get", "tasks/result", "tasks/cancel")) {
      assertThat(context.send(stranger, method, params(id)).errorCode()).isEqualTo(-32602);
      assertThat(two.got(method)).isEmpty();
    }
    assertThat(context.send(new RecordingSession("again"), "tasks/get", params(id)).result())
        .as("another session of the same principal")
        .isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"t1", "", "two\\u0000t1", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void idThatTheGatewayDidNotGiveReachesNoServer(String id) throws Exception {
    assertThat(context.error("tasks/get", "{\"taskId\":\"%s\"}".formatted(id)))
        .startsWith("-32602 invalid_params: unknown task: ");
    assertThat(context.refusals.count(Kind.TASK_ID)).isEqualTo(1);
    assertThat(context.error("tasks/get", "{\"taskId\":7}")).contains("needs a string \"taskId\"");
    assertThat(one.got("tasks/get")).isEmpty();
    assertThat(two.got("tasks/get")).isEmpty();
  }

  @Test
  void errorsAndNotificationsSayTheIdThatTheClientKnows() throws Exception {
    var id = started();
    two.fails("tasks/get", -32602, "Task not found: t1");
    assertThat(context.send("tasks/get", params(id)).errorMessage())
        .isEqualTo("Task not found: " + id);

    var server = two.calls("tools/call").getFirst().client();
    server.tell(Notification.of("notifications/tasks/status", Json.object("taskId", "t1")));
    assertThat(context.client().heard()).contains("\"taskId\":\"%s\"".formatted(id));
    server.tell(
        Notification.of(
            "notifications/progress", Json.trusted("{%s}".formatted(META.formatted("t1")))));
    assertThat(context.client().heard()).contains(META.formatted(id));
    server.session().tell(Notification.of("notifications/tasks", Json.object("taskId", "t1")));
    assertThat(context.client().heard()).contains(id);
  }

  @Test
  void whatAServerAsksForATaskComesWithTheIdThatTheClientKnows() throws Exception {
    var id = started();
    var asked = new AtomicReference<Request>();
    var answering =
        new Answering(
            new RecordingSession("a"),
            request -> {
              asked.set(request);
              return "{\"action\":\"accept\",%s}".formatted(META.formatted(id));
            });
    context.send(answering, "tools/call", "{\"name\":\"two__run\"}");
    var server = two.calls("tools/call").getLast().client();
    var ask =
        Request.of(
            RequestId.of(3),
            "elicitation/create",
            Json.trusted("{\"message\":\"m\",%s}".formatted(META.formatted("t1"))));

    var answer = server.ask(ask, _ -> {});

    assertThat(new String(asked.get().toBytes(), StandardCharsets.UTF_8))
        .contains("{\"message\":\"m\",%s}".formatted(META.formatted(id)));
    assertThat(answer.result().orElseThrow())
        .hasToString("{\"action\":\"accept\",%s}".formatted(META.formatted("t1")));
  }

  /// A client that answers what it is asked.
  private record Answering(RecordingSession inner, Function<Request, String> way)
      implements Client {
    @Override
    public Session session() {
      return inner;
    }

    @Override
    public void tell(Notification notification) {
      inner.tell(notification);
    }

    @Override
    public Response ask(Request request, Consumer<Notification> progress) {
      return Response.success(request.id(), Json.trusted(way.apply(request)));
    }
  }

  private static String page(List<String> ids, String more) {
    var tasks = new ArrayList<Json>();
    ids.forEach(id -> tasks.add(Json.object("taskId", id)));
    return "{\"tasks\":%s%s}".formatted(Json.array(tasks), more);
  }

  @Test
  void tasksOfAllServersAreListed() throws Exception {
    var id = started();
    answering(one, "tasks/list", page(List.of("a"), ""));
    answering(two, "tasks/list", page(List.of("t1", "t2"), ""));

    var tasks = tasks("{\"_meta\":{\"k\":1}}");
    assertThat(tasks).hasSize(3).contains(id).doesNotContain("a", "t2");
    assertThat(one.got("tasks/list").getFirst()).contains("{\"_meta\":{\"k\":1}}");
    assertThat(three.got("tasks/list")).isEmpty();
  }

  private List<String> tasks(String params) throws InterruptedException {
    var result = context.send("tasks/list", params).result().orElseThrow();
    return result.member("tasks").orElseThrow().elements().stream()
        .map(task -> task.textMember("taskId").orElseThrow())
        .toList();
  }

  @Test
  void listOfTasksGoesOnWhereItEndedForThePrincipalOnly() throws Exception {
    answering(one, "tasks/list", page(List.of("a", "b"), ",\"nextCursor\":\"more\""));
    answering(two, "tasks/list", page(List.of("c"), ""));
    var first = context.send("tasks/list", "{}").result().orElseThrow();
    var cursor = first.textMember("nextCursor").orElseThrow();
    assertThat(first.member("tasks").orElseThrow().elements()).hasSize(2);
    assertThat(two.got("tasks/list")).isEmpty();

    var params = Json.object("cursor", cursor).toString();
    assertThat(context.send(stranger, "tasks/list", params).errorCode()).isEqualTo(-32602);
    assertThat(context.error("tasks/list", "{\"cursor\":\"more\"}")).contains("invalid cursor");
    assertThat(one.got("tasks/list")).hasSize(1);
    answering(one, "tasks/list", page(List.of(), ""));
    assertThat(tasks(params)).as("the end of one, and all of two").hasSize(1);
    assertThat(one.got("tasks/list").getLast()).contains("\"cursor\":\"more\"");
    assertThat(two.got("tasks/list").getFirst()).doesNotContain("cursor");
  }

  @Test
  void serverThatCannotListItsTasksIsNamed() throws Exception {
    one.down();
    two.fails("tasks/list", -32603, "no disk");

    assertThat(context.result("tasks/list", "{}"))
        .startsWith("{\"tasks\":[],\"_meta\":{\"io.watchgate/unavailable\":{\"one\":")
        .contains("it fell over", "\"two\":\"no disk\"");
  }

  @Test
  void serverThatIsAloneAndTellsClientsApartKeepsItsIds() throws Exception {
    var alone = new RouterContext(one);
    answering(one, "tools/call", "{\"task\": {\"taskId\":\"t1\"}}");

    assertThat(alone.result("tools/call", "{\"name\":\"run\",\"task\":{}}"))
        .isEqualTo("{\"task\": {\"taskId\":\"t1\"}}");
    assertThat(alone.result("tasks/get", params("t1"))).contains("\"taskId\":\"t1\"");
    assertThat(alone.result("tasks/list", "{}")).contains("\"server\":\"one\"");
    assertThat(new RouterContext(three).result("tasks/get", params("t1"))).contains("three");
  }

  @Test
  void serverThatTakesAllClientsForOneHasItsTasksBoundToPrincipals() throws Exception {
    one.sharedByAll();
    var alone = new RouterContext(one);
    answering(one, "tools/call", "{\"task\":{\"taskId\":\"t1\"}}");
    answering(one, "tasks/get", "{\"taskId\":\"t1\"}");
    var made = alone.send("tools/call", "{\"name\":\"run\",\"task\":{}}").result().orElseThrow();
    var id = made.member("task").flatMap(task -> task.textMember("taskId")).orElseThrow();

    assertThat(alone.result("tasks/get", params(id))).isEqualTo(params(id));
    assertThat(alone.error("tasks/get", params("t1"))).startsWith("-32602 ");
    assertThat(alone.send(stranger, "tasks/get", params(id)).errorCode()).isEqualTo(-32602);
    assertThat(alone.error("tasks/list", "{}")).as("whose tasks?").startsWith("-32601 ");
    assertThat(alone.result("server/discover", "{}")).contains("\"tasks\":{\"cancel\":{}}");
  }

  @Test
  void whatIsSaidToAllOfATaskIsHeardWhereAllClientsAreOnePrincipal() throws Exception {
    var id = started();
    context.send("server/discover", "{}");
    var status = Notification.of("notifications/tasks/status", Json.object("taskId", "t1"));

    context.switchboard().broadcast(two, status);
    assertThat(context.client().heard()).contains(id);
    context.send(stranger, "server/discover", "{}");
    context.switchboard().broadcast(two, status);
    assertThat(context.client().heardAll()).isTrue();
    assertThat(stranger.heardAll()).isTrue();
  }

  @Test
  void tasksAreOfferedInTheFormOfTheClientsRevision() throws Exception {
    two.capable(EXTENSION);

    assertThat(context.result("server/discover", "{}"))
        .contains("\"tasks\":{\"list\":{},\"cancel\":{}}", "\"extensions\":{}");
    assertThat(context.send(stateless, "server/discover", "{}").result().orElseThrow().toString())
        .contains("\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}")
        .doesNotContain("\"tasks\":{\"list");
    for (var method : List.of("tasks/list", "tasks/result")) {
      assertThat(context.send(stateless, method, "{}").errorCode()).isEqualTo(-32601);
    }
    assertThat(context.error("tasks/update", "{}")).startsWith("-32601 ");
    assertThat(new RouterContext(three, new FakeServer("four")).error("tasks/get", "{}"))
        .isEqualTo("-32601 method_not_found: method not found: tasks/get");
  }

  @Test
  void clientThatDidNotDeclareTheExtensionIsToldWhatItLacks() throws Exception {
    two.capable(EXTENSION).stateless();
    var plain = new RecordingSession("plain").speaking(ProtocolVersion.NEWEST_STATELESS);
    var answer = context.send(plain, "tasks/get", "{\"taskId\":\"t1\"}");

    assertThat(answer.errorCode()).isEqualTo(-32021);
    assertThat(answer.error().orElseThrow().toString())
        .contains(
            "\"requiredCapabilities\":{\"extensions\":{\"io.modelcontextprotocol/tasks\":{}}}");
    assertThat(two.got("tasks/get")).isEmpty();
  }
}
