package io.watchgate;

import static io.watchgate.GatewayContext.command;
import static io.watchgate.GatewayContext.remote;
import static io.watchgate.GatewayContext.server;
import static io.watchgate.agents.TestAgents.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.watchgate.agents.AgentLimits;
import io.watchgate.agents.Agents;
import io.watchgate.agents.Order;
import io.watchgate.agents.Progress;
import io.watchgate.agents.Refusal;
import io.watchgate.agents.Result;
import io.watchgate.agents.Result.Degradation;
import io.watchgate.agents.Result.Status;
import io.watchgate.agents.Step;
import io.watchgate.agents.TestAgents;
import io.watchgate.agents.models.Conversation;
import io.watchgate.agents.models.Conversation.Returned;
import io.watchgate.agents.models.Model;
import io.watchgate.agents.models.ModelFailure;
import io.watchgate.agents.models.Tokens;
import io.watchgate.agents.models.ToolUse;
import io.watchgate.agents.models.Turn;
import io.watchgate.flow.Occurrence;
import io.watchgate.flow.Occurrence.Refused;
import io.watchgate.flow.Occurrence.SessionChanged;
import io.watchgate.jsonrpc.Json;
import io.watchgate.testkit.FixtureHttpServer;
import io.watchgate.upstream.UpstreamSettings.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Agents as clients of a whole gateway with real servers behind it.
@Timeout(120)
class AgentScenariosTest {
  private static final Pool ROOMY =
      new Pool(128, 1_000, Duration.ofSeconds(60), Duration.ofMinutes(5));
  private static final String ECHO = "a__echo {\"text\": \"one\"}";

  private static Agents agents(GatewayContext context, TestAgents agents) {
    return agents.start(new Agency.Door(context.gateway()));
  }

  private static Order order(String type, String query) {
    return new Order(type, "demo", query, "anonymous", false);
  }

  private static Result run(Agents agents, String type, String query) throws Exception {
    return agents.start(order(type, query), Progress.NONE).await();
  }

  /// Asks for these calls whenever it may call, and then answers.
  private static Model asking(ToolUse... uses) {
    return (conversation, wish) ->
        new Turn("so far", wish.mayCall() ? List.of(uses) : List.of(), new Tokens(10, 1));
  }

  /// Asks for these calls once, and then answers with what came of them.
  private static Model askingOnce(ToolUse... uses) {
    return (conversation, wish) ->
        conversation.parts().getLast() instanceof Returned(var results)
            ? new Turn(results.toString(), List.of(), Tokens.NONE)
            : new Turn("", List.of(uses), Tokens.NONE);
  }

  private static ToolUse use(String tool, Object... arguments) {
    return new ToolUse("use " + tool, tool, Json.object(arguments));
  }

  private static List<Step.Outcome> outcomes(Result result) {
    return result.steps().stream().map(Step::outcome).toList();
  }

  @Test
  void agentCallsItsToolsAndAnswersWithWhatTheySay() throws Exception {
    try (var context = GatewayContext.with(server("a"), server("b")).start();
        var agents = agents(context, new TestAgents().type(type("tester", "*__echo")))) {
      var result = run(agents, "tester", ECHO + " and b__echo {\"text\": \"two\"}");

      assertThat(result.status()).as(result.toJson().toString()).isEqualTo(Status.COMPLETED);
      assertThat(result.answer()).contains("a__echo says: ", "one", "b__echo says: ", "two");
      assertThat(result.steps()).extracting(Step::server).containsExactly("a", "b");
      assertThat(outcomes(result)).containsOnly(Step.Outcome.COMPLETED);
      assertThat(result.id()).matches("tester_[0-9a-f]{8}");
      assertThat(result.degraded()).isEmpty();
      assertThat(result.tokens().all()).isPositive();
    }
  }

  @Test
  void executionHasSessionsOfItsOwnThatAreThereBeforeItsFirstCallAndGoneBehindItsLast()
      throws Exception {
    var seen = new CopyOnWriteArrayList<Occurrence>();
    try (var web = FixtureHttpServer.start("--late", "20");
        var context = GatewayContext.with(remote("a", web.uri()).pool(ROOMY)).start();
        var agents =
            agents(context, new TestAgents().witness(seen::add).type(type("tester", "a__echo")))) {
      var before = run(agents, "tester", ECHO);
      int opened = web.openedSessions();
      web.forgetRequests();
      var result = run(agents, "tester", ECHO);

      assertThat(web.openedSessions() - opened).isEqualTo(1);
      assertThat(result.id()).isNotEqualTo(before.id());
      await().until(() -> web.sessionCount() <= 1); // the reader of lists stays
      assertThat(methods(web)).containsSubsequence("initialize", "ping", "tools/call", "DELETE");
      assertThat(seen)
          .filteredOn(SessionChanged.class::isInstance)
          .extracting(one -> ((SessionChanged) one).session().fingerprint())
          .containsExactly(before.id(), before.id(), result.id(), result.id());
      assertThat(context.inFlight()).isZero();
    }
  }

  private static List<String> methods(FixtureHttpServer web) {
    return web.requests().stream()
        .map(one -> one.method().equals("POST") ? method(one.body()) : one.method())
        .toList();
  }

  private static String method(String body) {
    int at = body.indexOf("\"method\":\"") + "\"method\":\"".length();
    return body.substring(at, body.indexOf('"', at));
  }

  @Test
  void callsOfOneTurnAreMadeAtOnce() throws Exception {
    var both = new ToolUse[] {use("a__sleep", "ms", 600), use("b__sleep", "ms", 600)};
    var test = new TestAgents().type(type("tester", "*")).model(askingOnce(both));
    try (var web = FixtureHttpServer.start();
        var context = GatewayContext.with(remote("a", web.uri()), remote("b", web.uri())).start();
        var agents = agents(context, test)) {
      var heard = new CopyOnWriteArrayList<String>();
      var listener =
          new Progress() {
            @Override
            public void calling(String tool) {
              heard.add("calling");
            }

            @Override
            public void ended(Step step) {
              heard.add("ended");
            }
          };
      var result = agents.start(order("tester", "sleep"), listener).await();

      assertThat(outcomes(result)).containsOnly(Step.Outcome.COMPLETED);
      assertThat(heard).containsExactly("calling", "calling", "ended", "ended");
    }
  }

  @Test
  void whatTheAgentMayNotDoIsToldToTheModelAndRecordedAndReachesNoServer() throws Exception {
    var seen = new CopyOnWriteArrayList<Occurrence>();
    var model =
        askingOnce(
            use("a__count"),
            use("nobody__has_this\n"),
            use("a__echo", "text", 7),
            new ToolUse("use", "a__echo", Json.string("no object")),
            use("a__echo", "text", "fine"));
    var test = new TestAgents().witness(seen::add).type(type("tester", "a__echo")).model(model);
    try (var context = GatewayContext.with(server("a")).start();
        var agents = agents(context, test)) {
      var result = run(agents, "tester", "anything");

      assertThat(outcomes(result))
          .containsExactly(
              Step.Outcome.FORBIDDEN,
              Step.Outcome.UNKNOWN_TOOL,
              Step.Outcome.INVALID_ARGUMENTS,
              Step.Outcome.INVALID_ARGUMENTS,
              Step.Outcome.COMPLETED);
      assertThat(result.answer()).contains("may not", "no such tool", "/text", "no JSON object");
      assertThat(seen)
          .filteredOn(Refused.class::isInstance)
          .hasSize(4)
          .allSatisfy(one -> assertThat(((Refused) one).what()).isEqualTo("refused/agent_call"))
          .allSatisfy(one -> assertThat(((Refused) one).session()).isPresent());
      assertThat(result.steps().get(1).tool()).isEqualTo("nobody__has_this?");
    }
  }

  @Test
  void callerWithoutEndIsStopped() throws Exception {
    var forever = asking(use("a__echo", "text", "again"));
    Model rude =
        (conversation, wish) ->
            new Turn("more", List.of(use("a__echo", "text", "again")), Tokens.NONE);
    try (var context = GatewayContext.with(server("a")).start();
        var polite = agents(context, new TestAgents().type(type("t", "*")).model(forever));
        var endless = agents(context, new TestAgents().type(type("t", "*")).model(rude))) {
      var answered = run(polite, "t", "go on");
      var stopped = run(endless, "t", "go on");

      assertThat(answered.status()).isEqualTo(Status.COMPLETED);
      assertThat(answered.steps()).hasSize(4);
      assertThat(stopped.status()).isEqualTo(Status.MAX_STEPS);
      assertThat(stopped.error()).hasValueSatisfying(why -> assertThat(why).contains("5 steps"));
      assertThat(stopped.answer()).isEqualTo("more");
    }
  }

  @Test
  void tokensOfAnExecutionAreLimited() throws Exception {
    var limits = new AgentLimits(64, 0, Duration.ofSeconds(5), 20, 0, 0, 1000);
    var test = new TestAgents().limits(limits).type(type("t", "*")).model(asking(use("a__count")));
    try (var context = GatewayContext.with(server("a")).start();
        var agents = agents(context, test)) {
      var result = run(agents, "t", "go on");

      assertThat(result.status()).isEqualTo(Status.TOKEN_LIMIT);
      assertThat(result.error()).hasValueSatisfying(why -> assertThat(why).contains("22", "20"));
    }
  }

  @Test
  void serverThatIsDownIsToldToTheModelAndToTheCaller() throws Exception {
    var web = FixtureHttpServer.start();
    try (var context = GatewayContext.with(server("a"), remote("b", web.uri())).start();
        var agents = agents(context, new TestAgents().type(type("tester", "*__echo")))) {
      var _ = run(agents, "tester", ECHO);
      web.close();
      var result = run(agents, "tester", ECHO + " and b__echo {\"text\": \"two\"}");

      assertThat(result.status()).isEqualTo(Status.COMPLETED);
      assertThat(outcomes(result))
          .containsExactly(Step.Outcome.COMPLETED, Step.Outcome.UNAVAILABLE);
      assertThat(result.answer()).contains("a__echo says: ", "b__echo failed: ");
      assertThat(result.degraded()).extracting(Degradation::server).containsExactly("b");
      assertThat(result.degraded().getFirst().reason()).isNotBlank();
    }
  }

  @Test
  void answerComesWithoutToolsWhenNoServerIsThere() throws Exception {
    var gone = command("a", List.of("/nonexistent")).connectionTimeout(Duration.ofSeconds(1));
    try (var context = GatewayContext.with(gone).start();
        var agents = agents(context, new TestAgents().type(type("tester", "*")))) {
      var result = run(agents, "tester", "anything");

      assertThat(result.status()).isEqualTo(Status.COMPLETED);
      assertThat(result.answer()).isEqualTo("You asked: anything");
      assertThat(result.degraded()).extracting(Degradation::server).containsExactly("a");
    }
  }

  @Test
  void modelThatIsDownIsSaidAndLeavesNoSession() throws Exception {
    Model down =
        (conversation, wish) -> {
          throw new ModelFailure("model \"m\" is not there");
        };
    try (var web = FixtureHttpServer.start();
        var context = GatewayContext.with(remote("a", web.uri())).start();
        var agents = agents(context, new TestAgents().type(type("t", "*")).model(down))) {
      var result = run(agents, "t", "anything");

      assertThat(result.status()).isEqualTo(Status.FAILED);
      assertThat(result.error()).contains("model \"m\" is not there");
      await().until(() -> web.sessionCount() <= 1);
    }
  }

  @Test
  void cancelledExecutionEndsWithItsCallAndItsSessions() throws Exception {
    var calling = new CountDownLatch(1);
    var started =
        new Progress() {
          @Override
          public void calling(String tool) {
            calling.countDown();
          }
        };
    var sleeping = askingOnce(use("a__sleep", "ms", 60_000));
    try (var web = FixtureHttpServer.start();
        var context = GatewayContext.with(remote("a", web.uri())).start();
        var agents = agents(context, new TestAgents().type(type("t", "*")).model(sleeping))) {
      var job = agents.start(order("t", "sleep"), started);
      calling.await();
      job.cancel();

      assertThat(job.await().status()).isEqualTo(Status.CANCELLED);
      await().until(() -> web.sessionCount() <= 1 && context.inFlight() == 0);
      assertThat(agents.atWork()).isZero();
    }
  }

  @Test
  void whatComesBeyondTheLimitIsRefused() throws Exception {
    var release = new CompletableFuture<Turn>();
    Model waiting = (conversation, wish) -> release.join();
    var limits = new AgentLimits(2, 0, Duration.ofSeconds(5), 1000, 0, 3, 10);
    var test = new TestAgents().limits(limits).type(type("t")).model(waiting);
    try (var context = GatewayContext.with(server("a")).start();
        var agents = agents(context, test)) {
      var one = agents.start(order("t", "one"), Progress.NONE);
      var two = agents.start(new Order("t", "", "two", "token 2", false), Progress.NONE);

      refused(agents, order("t", "three"), "2 executions are at work");
      refused(agents, order("t", "three and more"), "has 14 bytes, the limit is 10");
      refused(agents, order("t", " "), "empty");
      refused(agents, order("no", "such"), "no agent type \"no\" (known: t)");
      release.complete(new Turn("done", List.of(), Tokens.NONE));
      assertThat(one.await().answer() + two.await().answer()).isEqualTo("donedone");
      assertThat(run(agents, "t", "three").answer()).isEqualTo("done");
      assertThat(run(agents, "t", "four").answer()).isEqualTo("done");
      refused(agents, order("t", "five"), "3 executions a minute are used up");
    }
  }

  private static void refused(Agents agents, Order order, String why) {
    assertThatThrownBy(() -> agents.start(order, Progress.NONE))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(why);
  }

  @Test
  void resultIsGivenAgainToWhoAsksTheSame() throws Exception {
    var turns = new AtomicInteger();
    Model counting =
        (conversation, wish) ->
            new Turn("answer " + turns.incrementAndGet(), List.of(), Tokens.NONE);
    try (var web = FixtureHttpServer.start();
        var context = GatewayContext.with(remote("a", web.uri())).start();
        var agents = agents(context, new TestAgents().type(type("t", "*")).model(counting))) {
      var answers = new ArrayList<String>();
      for (var who : List.of("token 1", "token 1", "token 2")) {
        var order = new Order("t", "", "same", who, true);
        answers.add(agents.start(order, Progress.NONE).await().answer());
      }
      assertThat(answers).containsExactly("answer 1", "answer 1", "answer 2");
      assertThat(run(agents, "t", "same").answer()).isEqualTo("answer 3");
    }
  }

  @Test
  void conversationGoesOnWithWhatWasSaid() throws Exception {
    var last = new CompletableFuture<Conversation>();
    Model model =
        (conversation, wish) -> {
          last.obtrudeValue(conversation);
          return askingOnce(use("a__echo", "text", "x")).next(conversation, wish);
        };
    try (var context = GatewayContext.with(server("a")).start();
        var agents = agents(context, new TestAgents().type(type("tester", "*")).model(model))) {
      var _ = run(agents, "tester", "{user_query} is what it is");
      var conversation = last.join();

      assertThat(conversation.instructions()).isEqualTo("You are a tester of \"demo\".");
      assertThat(conversation.parts()).hasSize(3);
    }
  }
}
