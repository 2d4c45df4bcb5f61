package io.watchgate.agents.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchgate.agents.models.Conversation.Answered;
import io.watchgate.agents.models.Conversation.Asked;
import io.watchgate.agents.models.Conversation.Returned;
import io.watchgate.agents.models.Conversation.ToolResult;
import io.watchgate.agents.models.Model.Wish;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Models that are services, by both protocols, against a server that speaks them.
@Timeout(60)
class RemoteModelTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final ToolSpec READ =
      new ToolSpec("files.read/all", "Reads.", Json.trusted("{\"type\":\"object\"}"));
  private static final ToolSpec LIST = new ToolSpec("list", "Lists.", Json.EMPTY_OBJECT);
  private static final Conversation QUESTION =
      new Conversation("Be brief.", List.of(new Asked("why?")));

  private static final String OPENAI_TEXT = recorded("openai-text.sse");
  private static final String OPENAI_TOOLS = recorded("openai-tools.sse");
  private static final String ANTHROPIC_TEXT = recorded("anthropic-text.sse");
  private static final String ANTHROPIC_TOOLS = recorded("anthropic-tools.sse");

  private final List<String> said = new ArrayList<>();
  private FakeService service = new FakeService();

  RemoteModelTest() throws IOException {}

  private static String recorded(String name) {
    try (var stream = RemoteModelTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void clear() {
    said.clear();
  }

  @AfterEach
  void close() {
    service.close();
  }

  private ModelSettings settings(ModelSettings.Provider provider, int retries, Duration timeout) {
    return new ModelSettings(
        "m",
        provider,
        Optional.of(service.url()),
        "big",
        Optional.of("k3y"),
        100,
        timeout,
        retries);
  }

  private Model model(ModelSettings.Provider provider, int retries, Duration timeout) {
    return Models.of(
        settings(provider, retries, timeout), Time.REAL, RandomGenerator.of("SecureRandom"));
  }

  private Wish wish(boolean mayCall) {
    return new Wish(List.of(READ, LIST), mayCall, Optional.of(1.5), Deadline.NEVER, said::add);
  }

  private Turn next(ModelSettings.Provider provider) throws Exception {
    try (var model = model(provider, 2, Duration.ofSeconds(20))) {
      return model.next(QUESTION, wish(true));
    }
  }

  private String failure(ModelSettings.Provider provider, int retries, Duration timeout) {
    try (var model = model(provider, retries, timeout)) {
      var failed = new ArrayList<String>();
      assertThatThrownBy(() -> model.next(QUESTION, wish(true)))
          .isInstanceOf(ModelFailure.class)
          .satisfies(thrown -> failed.add(String.valueOf(thrown.getMessage())));
      return failed.getFirst();
    }
  }

  private static String text(ModelSettings.Provider provider) {
    return provider == ModelSettings.Provider.OPENAI ? OPENAI_TEXT : ANTHROPIC_TEXT;
  }

  private JsonNode asked(int number) {
    return MAPPER.readTree(service.requests().get(number).body());
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENAI", "ANTHROPIC"})
  void textComesAsItIsSaid(ModelSettings.Provider provider) throws Exception {
    service.answers(text(provider));

    assertThat(next(provider)).isEqualTo(new Turn("Because", List.of(), new Tokens(12, 3)));
    assertThat(said).containsExactly("Be", "cause");
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENAI", "ANTHROPIC"})
  void usesOfToolsComeUnderTheGatewaysNames(ModelSettings.Provider provider) throws Exception {
    service.answers(provider == ModelSettings.Provider.OPENAI ? OPENAI_TOOLS : ANTHROPIC_TOOLS);

    var turn = next(provider);

    assertThat(turn.uses())
        .extracting(use -> use.id() + " " + use.name() + " " + use.arguments().isObject())
        .containsExactly("call_1 files.read/all true", "call_2 list false");
    assertThat(turn.uses().getFirst().arguments().textMember("path")).contains("a");
    assertThat(turn.tokens().all()).isPositive();
  }

  @Test
  void requestOfOpenAiIsAsItsProtocolSays() throws Exception {
    service.answers(OPENAI_TOOLS).answers(OPENAI_TEXT);
    goOn(ModelSettings.Provider.OPENAI);

    assertThat(service.requests().getFirst().path()).isEqualTo("/chat/completions");
    assertThat(service.requests().getFirst().headers().get("Authorization"))
        .containsExactly("Bearer k3y");
    var first = asked(0);
    assertThat(first.at("/model").asString()).isEqualTo("big");
    assertThat(first.at("/stream").asBoolean()).isTrue();
    assertThat(first.at("/stream_options/include_usage").asBoolean()).isTrue();
    assertThat(first.at("/max_tokens").asInt()).isEqualTo(100);
    assertThat(first.at("/temperature").asDouble()).isEqualTo(1.5);
    assertThat(first.at("/messages/0/role").asString()).isEqualTo("system");
    assertThat(first.at("/messages/1/content").asString()).isEqualTo("why?");
    assertThat(first.at("/tools/0/function/name").asString()).isEqualTo("files_read_all");
    assertThat(first.at("/tool_choice").asString()).isEqualTo("auto");
    var second = asked(1);
    assertThat(second.at("/messages/2/tool_calls/0/function/name").asString())
        .isEqualTo("files_read_all");
    assertThat(second.at("/messages/2/tool_calls/0/function/arguments").isString()).isTrue();
    assertThat(second.at("/messages/3/role").asString()).isEqualTo("tool");
    assertThat(second.at("/messages/3/tool_call_id").asString()).isEqualTo("call_1");
    assertThat(second.at("/messages/4/content").asString()).isEqualTo("error: no such");
    assertThat(second.at("/tool_choice").asString()).isEqualTo("none");
  }

  @Test
  void requestOfAnthropicIsAsItsProtocolSays() throws Exception {
    service.answers(ANTHROPIC_TOOLS).answers(ANTHROPIC_TEXT);
    goOn(ModelSettings.Provider.ANTHROPIC);

    var headers = service.requests().getFirst().headers();
    assertThat(service.requests().getFirst().path()).isEqualTo("/v1/messages");
    assertThat(headers.get("X-api-key")).containsExactly("k3y");
    assertThat(headers.get("Anthropic-version")).containsExactly("2023-06-01");
    var first = asked(0);
    assertThat(first.at("/system").asString()).isEqualTo("Be brief.");
    assertThat(first.at("/max_tokens").asInt()).isEqualTo(100);
    assertThat(first.at("/temperature").asDouble()).isEqualTo(1);
    assertThat(first.at("/tools/1/input_schema/type").asString()).isEqualTo("object");
    var second = asked(1);
    assertThat(second.at("/messages/1/content/0/type").asString()).isEqualTo("tool_use");
    assertThat(second.at("/messages/1/content/1/input").isObject()).isTrue();
    assertThat(second.at("/messages/2/content/0/tool_use_id").asString()).isEqualTo("call_1");
    assertThat(second.at("/messages/2/content/1/is_error").asBoolean()).isTrue();
    assertThat(second.at("/tool_choice/type").asString()).isEqualTo("none");
  }

  private void goOn(ModelSettings.Provider provider) throws Exception {
    try (var model = model(provider, 0, Duration.ofSeconds(20))) {
      var turn = model.next(QUESTION, wish(true));
      var results =
          new Returned(
              List.of(
                  new ToolResult("call_1", "files.read/all", "text", false),
                  new ToolResult("call_2", "list", "no such", true)));
      var _ = model.next(QUESTION.plus(new Answered(turn), results), wish(false));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENAI", "ANTHROPIC"})
  void requestIsMadeAgainWhereNothingOfAnAnswerCame(ModelSettings.Provider provider)
      throws Exception {
    service
        .refuses(429, "{\"error\":{\"message\":\"slow down\"}}", "0")
        .refuses(500, "oops", "0")
        .answers(text(provider));

    assertThat(next(provider).text()).isEqualTo("Because");
    assertThat(service.requests()).hasSize(3);
  }

  @Test
  void serviceThatWantsToBeLeftAloneForLongIsNotAskedAgain() {
    service.refuses(429, "{\"error\":{\"message\":\"slow down\"}}", "3600");

    assertThat(failure(ModelSettings.Provider.OPENAI, 5, Duration.ofSeconds(20)))
        .isEqualTo("model \"m\" answered with HTTP status 429: model \"m\" failed: slow down");
    assertThat(service.requests()).hasSize(1);
  }

  @Test
  void requestThatTheServiceDoesNotLikeIsNotMadeAgain() {
    service.refuses(401, "{\"error\":{\"type\":\"authentication_error\"}}");

    assertThat(failure(ModelSettings.Provider.ANTHROPIC, 5, Duration.ofSeconds(20)))
        .contains("status 401", "authentication_error")
        .doesNotContain("k3y");
    assertThat(service.requests()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENAI", "ANTHROPIC"})
  void answerThatBreaksOffIsNoneAndIsNotAskedForAgain(ModelSettings.Provider provider) {
    var text = text(provider);
    service.answers(text.substring(0, text.indexOf("cause") + 20));

    assertThat(failure(provider, 5, Duration.ofSeconds(20))).contains("before it was complete");
    assertThat(said).contains("Be");
    assertThat(service.requests()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENAI", "ANTHROPIC"})
  void answerThatIsNoJsonIsNone(ModelSettings.Provider provider) {
    service.answers("data: {\"choices\": [oops\n\n");

    assertThat(failure(provider, 0, Duration.ofSeconds(20))).contains("no JSON");
  }

  @Test
  void errorInsideOfAnAnswerIsTold() {
    service.answers(
        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
            + "\"message\":\"Overloaded\"}}\n\n");
    service.answers("data: {\"error\":{\"message\":\"no model\"}}\n\n");

    assertThat(failure(ModelSettings.Provider.ANTHROPIC, 0, Duration.ofSeconds(20)))
        .contains("Overloaded");
    assertThat(failure(ModelSettings.Provider.OPENAI, 0, Duration.ofSeconds(20)))
        .contains("no model");
  }

  @Test
  void serviceThatNeverAnswersIsGivenUp() {
    service.keepsSilent().answersAndKeepsSilent(ANTHROPIC_TEXT.substring(0, 500));

    assertThat(failure(ModelSettings.Provider.OPENAI, 0, Duration.ofMillis(200)))
        .isEqualTo("model \"m\" did not answer within 200 ms");
    assertThat(failure(ModelSettings.Provider.ANTHROPIC, 0, Duration.ofMillis(300)))
        .contains("300 ms");
  }

  @Test
  void serviceThatIsNotThereIsToldAndAfterSomeFailuresLeftAlone() {
    service.close();
    try (var model = model(ModelSettings.Provider.OPENAI, 0, Duration.ofSeconds(20))) {
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> model.next(QUESTION, wish(true)))
            .hasMessageContaining("cannot be reached: ConnectException");
      }
      assertThatThrownBy(() -> model.next(QUESTION, wish(true)))
          .hasMessageContaining("failed 5 times in a row and is left alone");
    }
  }

  @Test
  void whoDoesNotWantTheAnswerAnyMoreDoesNotWaitForIt() throws Exception {
    var started = new CountDownLatch(1);
    service.answersAndKeepsSilent(OPENAI_TEXT.substring(0, OPENAI_TEXT.indexOf("cause")));
    try (var model = model(ModelSettings.Provider.OPENAI, 0, Duration.ofSeconds(50))) {
      var thread =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  var wish =
                      new Wish(
                          List.of(),
                          true,
                          Optional.empty(),
                          Deadline.NEVER,
                          _ -> started.countDown());
                  var _ = model.next(QUESTION, wish);
                } catch (ModelFailure _) {
                  said.add("failed");
                } catch (InterruptedException _) {
                  said.add("interrupted");
                }
              });
      started.await();
      thread.interrupt();
      thread.join();
      assertThat(said).containsExactly("interrupted");
    }
  }

  @Test
  void namesThatCollideOnTheWireAreToldApart() {
    var names =
        new WireNames(
            List.of(
                new ToolSpec("a.b", "", Json.EMPTY_OBJECT),
                new ToolSpec("a/b", "", Json.EMPTY_OBJECT),
                new ToolSpec("x".repeat(100), "", Json.EMPTY_OBJECT)));

    assertThat(names.outward("a.b")).isEqualTo("a_b");
    assertThat(names.outward("a/b")).isEqualTo("a_b_2");
    assertThat(names.inward("a_b_2")).isEqualTo("a/b");
    assertThat(names.outward("x".repeat(100))).hasSize(64);
    assertThat(names.inward("unknown")).isEqualTo("unknown");
  }
}
