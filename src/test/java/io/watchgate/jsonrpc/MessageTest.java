package io.watchgate.jsonrpc;

import static io.watchgate.jsonrpc.Samples.message;
import static io.watchgate.jsonrpc.Samples.text;
import static io.watchgate.jsonrpc.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.watchgate.jsonrpc.MalformedMessage.Kind;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "\"1\"",
        "9007199254740993",
        "-0",
        "1e3",
        "1E400",
        "1.50",
        "\"\\u0061\"",
        "\"\"",
        "\"é\\/\"",
        "123456789012345678901234567890"
      })
  void idsAreGivenBackExactly(String id) throws MalformedMessage {
    var request =
        (Request) message("{\"id\": %s ,\"method\":\"ping\",\"jsonrpc\":\"2.0\"}".formatted(id));
    var answer = Response.success(request.id(), Json.EMPTY_OBJECT);

    assertThat(request.id()).hasToString(id).isEqualTo(new RequestId(id));
    assertThat(text(answer.toBytes()))
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{}}".formatted(id));
    assertThat(((Response) message(text(answer.toBytes()))).id()).contains(request.id());
  }

  @Test
  void numbersAndTextsAreDifferentIds() {
    assertThat(RequestId.of(1)).isEqualTo(new RequestId("1")).isNotEqualTo(new RequestId("\"1\""));
  }

  @Test
  void tellsRequestsNotificationsAndResponsesApart() throws MalformedMessage {
    var request = message("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\\/b\",\"params\":[1]}");
    var notification = message("{\"jsonrpc\":\"2.0\",\"method\":\"n\"}");
    var success = message("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}");

    assertThat(request).isInstanceOf(Request.class);
    assertThat(((Request) request).method()).isEqualTo("a/b");
    assertThat(((Notification) notification).method()).isEqualTo("n");
    assertThat(((Response) success).result()).contains(Json.trusted("null"));
    assertThat(((Response) success).error()).isEmpty();
    assertThat(((Response) success).errorCode()).isZero();
    assertThat(((Response) success).errorMessage()).isEmpty();
  }

  @Test
  void messageThatIsNotTouchedIsTheSameBytes() throws MalformedMessage {
    var bytes = utf8(" {\"jsonrpc\":\"2.0\" , \"id\":1,\n\"method\":\"m\",\"x\":[0.10,-0]}\r\n");
    var message = Message.read(bytes, Limits.DEFAULT);

    assertThat(message.toBytes()).isSameAs(bytes);
    assertThat(message.length()).isEqualTo(bytes.length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "5|null|must be \"2.0\"",
        "[]|null|must be \"2.0\"",
        "\"x\"|null|must be \"2.0\"",
        "{}|null|must be \"2.0\"",
        "{\"id\":1,\"method\":\"m\"}|1|must be \"2.0\"",
        "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"m\"}|1|must be \"2.0\"",
        "{\"jsonrpc\":\"1.0\",\"id\":\"a\",\"method\":\"m\"}|\"a\"|must be \"2.0\"",
        "{\"jsonrpc\":\"2.0\",\"id\":1}|1|either",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":1}|1|\"method\" must be",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\"}|1|\"method\" must be",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":null}|1|\"method\" must be",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"result\":1}|1|either",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"error\":{}}|1|either",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":1}|1|\"params\" must be",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":null}|1|\"params\" must be",
        "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":\"x\"}|null|\"params\" must be",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"m\"}|null|\"id\" must be",
        "{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"m\"}|null|\"id\" must be",
        "{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"m\"}|null|\"id\" must be",
        "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"m\"}|null|\"id\" must be",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1,\"error\":{}}|1|either",
        "{\"jsonrpc\":\"2.0\",\"result\":1}|null|must have the id",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":1}|null|must have the id",
        "{\"jsonrpc\":\"2.0\",\"id\":{},\"error\":{}}|null|must have the id"
      })
  void whatIsJsonButNoMessageIsAnInvalidRequestUnderItsId(String json, String id, String what) {
    var refusal = catchThrowableOfType(MalformedMessage.class, () -> message(json));

    assertThat(refusal.kind()).isEqualTo(Kind.INVALID_REQUEST);
    assertThat(refusal).hasMessageContaining(what);
    assertThat(refusal.answer().errorCode()).isEqualTo(-32600);
    assertThat(text(refusal.answer().toBytes()))
        .startsWith("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":")
        .endsWith("\"data\":{\"reason\":\"invalid_request\"}}}");
  }

  @Test
  void whatIsNoJsonIsAParseErrorWithoutAnId() {
    var refusal = catchThrowableOfType(MalformedMessage.class, () -> message("{\"id\":1,}"));

    assertThat(text(refusal.answer().toBytes()))
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":"
                + "\"expected a key at byte 8\",\"data\":{\"reason\":\"parse_error\"}}}");
  }

  @Test
  void limitsHaveTheirOwnReasons() {
    var deep = catchThrowableOfType(MalformedMessage.class, () -> message("[".repeat(129)));
    var large = MalformedMessage.tooLarge(16);

    assertThat(text(deep.answer().toBytes())).contains("-32700", "\"reason\":\"too_deep\"");
    assertThat(text(large.answer().toBytes())).contains("-32700", "\"reason\":\"too_large\"");
    assertThatThrownBy(() -> new Limits(1, 0, 1)).hasMessage("maxDepth: 0 (expected: 1-1024)");
    assertThatThrownBy(() -> new Limits(1, 1025, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void invalidRequestAtAnotherPlaceIsAnsweredTheSameWay() {
    var refusal = MalformedMessage.invalidRequest(RequestId.of(3), "no batches here");

    assertThat(refusal.answer().id()).contains(RequestId.of(3));
    assertThat(refusal.answer().errorMessage()).isEqualTo("no batches here");
  }

  @Test
  void errorsAreReadAsFarAsTheyCanBe() throws MalformedMessage {
    var error =
        (Response)
            message(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32002,\"message\":\"no\\n\"}}");
    assertThat(error.errorCode()).isEqualTo(-32002);
    assertThat(error.errorMessage()).isEqualTo("no\n");

    for (var odd :
        new String[] {"5", "{}", "{\"code\":\"-1\"}", "{\"code\":1e3}", "{\"code\":99999999999}"}) {
      var response = (Response) message("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":" + odd + "}");
      assertThat(response.errorCode()).isZero();
      assertThat(response.errorMessage()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"id\":null,"})
  void errorOfASenderThatCouldNotReadTheIdCanBeGivenOne(String id) throws MalformedMessage {
    var error =
        (Response) message(" { %s\"error\":{\"code\":1} ,\"jsonrpc\":\"2.0\"}".formatted(id));
    var known = error.withId(new RequestId("\"x\""));

    assertThat(error.id()).isEmpty();
    assertThat(known.id()).contains(new RequestId("\"x\""));
    assertThat(known.withId(RequestId.of(2)).field(Field.ID)).contains(Json.trusted("2"));
    assertThat(message(text(known.toBytes())).field(Field.ERROR))
        .contains(Json.trusted("{\"code\":1}"));
  }

  @Test
  void responsesCanBeGivenAnotherResultOrError() throws MalformedMessage {
    var result = (Response) message("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"a\":1} ,\"x\":0}");
    var error = (Response) message("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1},\"x\":0}");

    assertThat(text(result.withResult(Json.EMPTY_OBJECT).withId(RequestId.of(2)).toBytes()))
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{} ,\"x\":0}");
    assertThat(text(error.withError(Json.object("code", 2)).toBytes()))
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":2},\"x\":0}");
    assertThat(error.length()).isEqualTo(error.toBytes().length);
  }

  @Test
  void messagesOfTheProgramAreEscaped() throws MalformedMessage {
    var method = "a\"\\\n\u0000\uD800é%s";
    var request = Request.of(RequestId.of(5), method, Json.object("name", "%d\"", "uri", "u\n"));
    var notification = Notification.of(method, Json.object("level", "\u0007"));
    var bare = Notification.of(method);

    assertThat(((Request) message(text(request.toBytes()))).method()).isEqualTo(method);
    assertThat(request.method()).isEqualTo(method);
    assertThat(request.field(Field.NAME).orElseThrow().text()).isEqualTo("%d\"");
    assertThat(((Notification) message(text(notification.toBytes()))).method()).isEqualTo(method);
    assertThat(notification.field(Field.LEVEL).orElseThrow().text()).isEqualTo("\u0007");
    assertThat(message(text(bare.toBytes())).field(Field.PARAMS)).isEmpty();
    assertThat(bare.length()).isEqualTo(bare.toBytes().length);
  }

  @Test
  void notificationsCanBeChanged() throws MalformedMessage {
    var progress =
        (Notification)
            message(
                "{\"jsonrpc\":\"2.0\",\"method\":\"p\",\"params\":"
                    + "{\"progressToken\":7,\"progress\":0.50}}");

    assertThat(text(progress.with(Field.PROGRESS_TOKEN, Json.string("mine")).toBytes()))
        .isEqualTo(text(progress.toBytes()).replace("7", "\"mine\""));
  }

  @Test
  void numbersAreWrittenTheSameInEveryLocale() {
    var before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      var refusal = new MalformedMessage(Kind.PARSE_ERROR, null, "x");
      assertThat(refusal.answer().errorCode()).isEqualTo(-32700);
      assertThat(JsonString.quote("\u0001")).isEqualTo("\"\\u0001\"");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void batchIsReadElementByElement() throws MalformedMessage {
    var batch = Message.readBatch(utf8(" [ {\"ID\":1} , 2 ]"), Limits.DEFAULT);

    assertThat(batch.orElseThrow()).containsExactly(Json.trusted("{\"ID\":1}"), Json.trusted("2"));
    assertThat(Message.readBatch(utf8("[]"), Limits.DEFAULT).orElseThrow()).isEmpty();
    assertThat(Message.readBatch(utf8("{}"), Limits.DEFAULT)).isEmpty();
    assertThat(Message.readBatch(utf8(" "), Limits.DEFAULT)).isEmpty();
    assertThatThrownBy(() -> Message.readBatch(utf8("[1"), Limits.DEFAULT))
        .isInstanceOf(MalformedMessage.class);
  }

  @Test
  void ownResultIsTheMessageThatReadingItWouldGive() throws MalformedMessage {
    for (var spelled : List.of("1", "\"é\\u0041\"", "-1.50e3")) {
      var result = Json.trusted("{\"a\":[1, 2],\"ü\":null}");
      var own = Response.success(new RequestId(spelled), result);
      var read = Message.read(own.toBytes(), Limits.DEFAULT);

      assertThat(read).isInstanceOf(Response.class);
      for (var field : Field.values()) {
        assertThat(own.field(field)).as("%s", field).isEqualTo(read.field(field));
      }
      assertThat(own.withId(RequestId.of(77)).toBytes())
          .isEqualTo(((Response) read).withId(RequestId.of(77)).toBytes());
    }
  }
}
