package io.watchgate.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.flow.Call;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.RescueLayer;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ListKind;
import io.watchgate.mcp.Method;
import io.watchgate.mcp.ProtocolVersion;
import io.watchgate.testkit.RecordingSession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How long answers of resources are kept and for whom, and which reads are one.
@Timeout(60)
class KeptReadsTest {
  private static final String URI = "{\"uri\":\"file:///a\"}";

  private final FakeServer server = new FakeServer("one").stateless();
  private final RouterContext context = new RouterContext(server);
  private final RecordingSession client = stateless("client");
  private final AtomicInteger reads = new AtomicInteger();

  private static RecordingSession stateless(String key) {
    return new RecordingSession(key).speaking(ProtocolVersion.NEWEST_STATELESS);
  }

  private void says(String hints) {
    server.list(ListKind.RESOURCES, "file:///a", "file:///b");
    server.answers(
        Method.RESOURCES_READ,
        call ->
            Response.success(
                call.request().id(),
                Json.trusted(
                    "{\"resultType\":\"complete\",\"contents\":[],\"n\":%d%s}"
                        .formatted(reads.incrementAndGet(), hints))));
  }

  private String read(RecordingSession from, String params) throws InterruptedException {
    var response = context.send(from, Method.RESOURCES_READ, params);
    return response.result().flatMap(result -> result.member("n")).orElseThrow().toString();
  }

  @Test
  void answerIsKeptAsLongAsItsServerSaid() throws Exception {
    says(",\"ttlMs\":3600000,\"cacheScope\":\"private\"");

    assertThat(read(client, URI)).isEqualTo("1");
    assertThat(read(client, URI)).isEqualTo("1");
    var again = context.send(client, Method.RESOURCES_READ, URI).result().orElseThrow();
    assertThat(again.member("ttlMs").map(Json::toString).map(Integer::parseInt).orElseThrow())
        .isBetween(3_500_000, 3_600_000);
    assertThat(read(client, "{\"uri\":\"file:///b\"}")).isEqualTo("2");
  }

  @Test
  void answerWithoutTimeIsNotKept() throws Exception {
    says(",\"ttlMs\":0,\"cacheScope\":\"public\"");

    assertThat(read(client, URI)).isEqualTo("1");
    assertThat(read(client, URI)).isEqualTo("2");
  }

  @Test
  void privateAnswerIsShownToItsPrincipalOnly() throws Exception {
    says(",\"ttlMs\":3600000,\"cacheScope\":\"private\"");

    assertThat(read(stateless("a").of("ann"), URI)).isEqualTo("1");
    assertThat(read(stateless("b").of("ann"), URI)).isEqualTo("1");
    assertThat(read(stateless("c").of("bob"), URI)).isEqualTo("2");
  }

  @Test
  void publicAnswerIsShownToEverybody() throws Exception {
    says(",\"ttlMs\":3600000,\"cacheScope\":\"public\"");

    assertThat(read(stateless("a").of("ann"), URI)).isEqualTo("1");
    assertThat(read(stateless("c").of("bob"), URI)).isEqualTo("1");
  }

  @Test
  void whatTheServerSaysOfAChangeEndsWhatIsKept() throws Exception {
    says(",\"ttlMs\":3600000,\"cacheScope\":\"public\"");
    assertThat(read(client, URI)).isEqualTo("1");

    context
        .switchboard()
        .broadcast(server, Notification.of(Method.RESOURCE_UPDATED, Json.trusted(URI)));
    assertThat(read(client, URI)).isEqualTo("2");

    context
        .switchboard()
        .listChanged(server, Notification.of(ListKind.RESOURCES.changed()), client);
    assertThat(read(client, URI)).isEqualTo("3");
  }

  @Test
  void roundOfALongerCallIsNeitherKeptNorAnsweredFromWhatIs() throws Exception {
    says(",\"ttlMs\":3600000,\"cacheScope\":\"public\"");

    assertThat(read(client, "{\"uri\":\"file:///a\",\"requestState\":\"s\"}")).isEqualTo("1");
    assertThat(read(client, URI)).isEqualTo("2");
    assertThat(read(client, "{\"uri\":\"file:///a\",\"inputResponses\":{}}")).isEqualTo("3");
  }

  @Test
  void clientOfARevisionWithoutHintsGetsNone() throws Exception {
    says(",\"ttlMs\":3600000,\"cacheScope\":\"public\"");
    for (int i = 0; i < 2; i++) {
      var result = context.result(Method.RESOURCES_READ, URI);
      assertThat(result).contains("\"n\":1").doesNotContain("ttlMs").doesNotContain("cacheScope");
    }
  }

  @Test
  void identicalReadsInFlightAreOne() throws Exception {
    var letGo = new CountDownLatch(1);
    answersHeld(letGo, call -> Response.success(call.request().id(), content()));

    var answers = start(8);
    awaitReads(1);
    letGo.countDown();
    for (int i = 0; i < answers.size(); i++) {
      assertThat(answers.get(i).get().id()).contains(RequestId.of(i));
      assertThat(answers.get(i).get().result().orElseThrow()).isEqualTo(content());
    }
    assertThat(server.calls(Method.RESOURCES_READ)).hasSize(1);
  }

  @Test
  void whoLeavesDoesNotTakeTheAnswerFromTheOthers() throws Exception {
    var letGo = new CountDownLatch(1);
    answersHeld(letGo, call -> Response.success(call.request().id(), content()));
    var leaving = new CompletableFuture<Response>();
    var leader = start(leaving, 100);
    awaitReads(1);
    var answers = start(4);

    leader.interrupt();
    assertThat(leaving).failsWithin(java.time.Duration.ofSeconds(30));
    awaitReads(2);
    letGo.countDown();

    for (var answer : answers) {
      assertThat(answer.get().result()).isPresent();
    }
  }

  @Test
  void failureIsOneToo() throws Exception {
    var letGo = new CountDownLatch(1);
    answersHeld(
        letGo,
        _ -> {
          throw new Rejection(new Rejection.TimedOut("one", java.time.Duration.ofSeconds(1)));
        });

    var answers = start(4);
    awaitReads(1);
    letGo.countDown();
    for (var answer : answers) {
      assertThat(answer.get().errorCode()).isEqualTo(ErrorCode.UPSTREAM_TIMEOUT);
    }
  }

  @Test
  void whatIsForOneClientOnlyIsNotGivenToAnother() throws Exception {
    var letGo = new CountDownLatch(1);
    answersHeld(
        letGo,
        call ->
            Response.success(
                call.request().id(),
                Json.object("resultType", "input_required", "requestState", "s")));

    var answers = start(4);
    awaitReads(1);
    letGo.countDown();
    for (var answer : answers) {
      assertThat(answer.get().result()).isPresent();
    }
    assertThat(server.calls(Method.RESOURCES_READ)).hasSize(4);
  }

  private static Json content() {
    return Json.object("resultType", "complete", "contents", Json.array(List.of()));
  }

  private void answersHeld(CountDownLatch until, FakeServer.Answer then) {
    server.list(ListKind.RESOURCES, "file:///a");
    server.answers(Method.RESOURCES_READ, FakeServer.held(until, then));
  }

  private void awaitReads(int count) {
    await().until(() -> server.calls(Method.RESOURCES_READ).size() == count);
  }

  /// Reads at the same time, each with an id of its own.
  private List<CompletableFuture<Response>> start(int count) throws InterruptedException {
    context.send(client, Method.RESOURCES_LIST, "{}");
    var answers = new ArrayList<CompletableFuture<Response>>();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < count; i++) {
      var answer = new CompletableFuture<Response>();
      answers.add(answer);
      threads.add(start(answer, i));
    }
    await().until(() -> threads.stream().allMatch(KeptReadsTest::waits));
    return answers;
  }

  private static boolean waits(Thread thread) {
    return thread.getState() == Thread.State.WAITING
        || thread.getState() == Thread.State.TIMED_WAITING;
  }

  private Thread start(CompletableFuture<Response> answer, int id) {
    var call =
        new Call(Request.of(RequestId.of(id), Method.RESOURCES_READ, Json.trusted(URI)), client);
    return Thread.ofVirtual()
        .start(() -> {
          try {
            var stack = new RescueLayer().around(context.router());
            answer.complete(stack.handle(call).response());
          } catch (InterruptedException e) {
            answer.completeExceptionally(new ExecutionException(e));
          }
        });
  }
}
