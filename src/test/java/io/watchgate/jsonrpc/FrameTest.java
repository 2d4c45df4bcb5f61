package io.watchgate.jsonrpc;

import static io.watchgate.jsonrpc.Samples.message;
import static io.watchgate.jsonrpc.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FrameTest {
  private static final String CALL =
      """
      { "jsonrpc":"2.0", "future" : [1E400, -0, 0.1000], "id" : 7,
        "method":"tools/call", "params":{ "arguments":{"id":7,"name":"é\\u0041"} ,
        "name" : "files__read", "_meta":{"progressToken":1,"x/y":null}} , "ID2": {} }
      """;

  @Test
  void replacesSeveralFieldsInOneCopyAndLeavesEveryOtherByte() throws MalformedMessage {
    var sent =
        ((Request) message(CALL))
            .with(Field.META_PROGRESS_TOKEN, Json.trusted("901"))
            .with(Field.NAME, Json.string("re\"ad"))
            .withId(RequestId.of(4711))
            .with(Field.NAME, Json.string("read"));

    assertThat(text(sent.toBytes()))
        .isEqualTo(
            CALL.replace("\"id\" : 7", "\"id\" : 4711")
                .replace("\"files__read\"", "\"read\"")
                .replace("\"progressToken\":1", "\"progressToken\":901"));
    assertThat(sent.field(Field.NAME)).contains(Json.string("read"));
    assertThat(sent.field(Field.ID)).contains(Json.trusted("4711"));
  }

  @Test
  void originalStaysAsItWas() throws MalformedMessage {
    var request = (Request) message(CALL);
    var renamed = request.with(Field.NAME, Json.string("other"));

    assertThat(text(request.toBytes())).isEqualTo(CALL);
    assertThat(request.field(Field.NAME)).contains(Json.string("files__read"));
    assertThat(renamed.withId(RequestId.of(1)).length()).isEqualTo(request.length());
    assertThat(renamed.id()).isEqualTo(request.id());
  }

  @Test
  void objectThatHoldsAReplacedFieldShowsIt() throws MalformedMessage {
    var request =
        ((Request) message(CALL))
            .with(Field.NAME, Json.string("r"))
            .withId(RequestId.of(1))
            .with(Field.META_PROGRESS_TOKEN, Json.trusted("\"t\""));

    assertThat(request.field(Field.PARAMS).orElseThrow().textMember("name")).contains("r");
    assertThat(request.field(Field.META))
        .contains(Json.trusted("{\"progressToken\":\"t\",\"x/y\":null}"));
  }

  @Test
  void fieldsAreThoseOfTheReplacedObjectThatHoldsThem() throws MalformedMessage {
    var request =
        ((Request) message(CALL))
            .with(Field.NAME, Json.string("forgotten"))
            .with(Field.META_PROGRESS_TOKEN, Json.trusted("5"))
            .withId(RequestId.of(9))
            .with(Field.PARAMS, Json.object("name", "n", "ref", Json.object("uri", "u")));

    assertThat(request.field(Field.NAME)).contains(Json.string("n"));
    assertThat(request.field(Field.REF_URI)).contains(Json.string("u"));
    assertThat(request.field(Field.META_PROGRESS_TOKEN)).isEmpty();
    assertThat(request.field(Field.ID)).contains(Json.trusted("9"));
    assertThat(text(request.with(Field.REF_URI, Json.string("v")).toBytes()))
        .contains("\"id\" : 9", "\"params\":{\"name\":\"n\",\"ref\":{\"uri\":\"v\"}} , \"ID2\"");
    assertThat(request.length()).isEqualTo(message(CALL).length());
  }

  @Test
  void absentFieldCannotBeReplaced() throws MalformedMessage {
    var request = (Request) message(CALL);

    assertThatThrownBy(() -> request.with(Field.URI, Json.string("x")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no URI to replace");
  }

  @Test
  void programThatWritesNoMessageIsTold() {
    var faulty = new RequestId("1,\"id\":2");

    assertThatThrownBy(() -> Request.of(faulty, "m", Json.EMPTY_OBJECT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("duplicate key \"id\"")
        .hasMessageStartingWith("the gateway wrote no message, but ");
  }
}
