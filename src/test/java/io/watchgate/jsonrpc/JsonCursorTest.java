package io.watchgate.jsonrpc;

import static io.watchgate.jsonrpc.Samples.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.jsonrpc.JsonCursor.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class JsonCursorTest {
  @Test
  void goesOverKeysStringsAndNumbersInTheirOrder() throws MalformedMessage {
    var value = json(" {\"a\" : [\"x\\n\", -1.5e3, true, {\"b,:\": null}], \"c\":\"}\"} ");

    assertThat(walk(value, cursor -> cursor.kind() + " " + cursor.text()))
        .containsExactly("KEY a", "STRING x\n", "NUMBER -1.5e3", "KEY b,:", "KEY c", "STRING }");
  }

  @Test
  void knowsThePointerOfEach() throws MalformedMessage {
    var value = json("{\"a\":[\"x\",{\"b\":1,\"c\":[[],[2]]}],\"d\":{},\"e1\":\"y\"}");

    assertThat(walk(value, JsonCursor::pointer))
        .containsExactly(
            "/a", "/a/0", "/a/1/b", "/a/1/b", "/a/1/c", "/a/1/c/1/0", "/d", "/e1", "/e1");
  }

  @Test
  void pointerDoesNotRepeatWhatIsNoName() throws MalformedMessage {
    var value = json("{\"x\":0,\"bob@example.com\":{\"4111\":\"y\"}}");

    assertThat(walk(value, JsonCursor::pointer))
        .containsExactly("/x", "/x", "/#1", "/#1/#0", "/#1/#0");
  }

  @Test
  void knowsTheKeyThatAValueStandsUnder() throws MalformedMessage {
    var value = json("[\"top\",{\"k\\u0065y\":[[\"in\"]]},\"after\"]");

    assertThat(walk(value, cursor -> cursor.key().orElse("-")))
        .containsExactly("-", "key", "key", "-");
  }

  @Test
  void editsLeaveEveryOtherByteAsItWas() throws MalformedMessage {
    var value = json(" { \"a\" : \"\\u0041\" , \"b\":[ 1E400,\"x\" ] } ");
    var edits = new ArrayList<Json.Edit>();
    for (var cursor = value.cursor(); cursor.next(); ) {
      if (cursor.kind() == Kind.STRING && cursor.text().equals("x")) {
        edits.add(new Json.Edit(cursor.start(), cursor.end(), Json.string("new\n")));
      }
    }

    assertThat(value.edited(edits))
        .hasToString("{ \"a\" : \"\\u0041\" , \"b\":[ 1E400,\"new\\n\" ] }");
    assertThat(value.edited(List.of())).isSameAs(value);
  }

  private static List<String> walk(Json value, Function<JsonCursor, String> say) {
    var said = new ArrayList<String>();
    for (var cursor = value.cursor(); cursor.next(); ) {
      said.add(say.apply(cursor));
    }
    return said;
  }
}
