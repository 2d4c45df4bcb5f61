package io.watchgate.jsonrpc;

import static io.watchgate.jsonrpc.Samples.json;
import static io.watchgate.jsonrpc.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void knowsWhatItIs() throws MalformedMessage {
    assertThat(json("{}").isObject()).isTrue();
    assertThat(json("[]").isArray()).isTrue();
    assertThat(json("\"\"").isString()).isTrue();
    assertThat(json("-1").isNumber()).isTrue();
    assertThat(json("0").isNumber()).isTrue();
    assertThat(json("9").isNumber()).isTrue();
    assertThat(json("true").isTrue()).isTrue();
    assertThat(json("null").isNull()).isTrue();
    assertThat(json("null").isNumber() || json("{}").isNumber()).isFalse();
    assertThat(json("false").isTrue() || json("false").isNull()).isFalse();
    assertThat(json("[]").isObject() || json("[]").isString()).isFalse();
  }

  @Test
  void parsedValueLeavesOutTheSpaceAround() throws MalformedMessage {
    assertThat(json(" \r\n\t[ 1 , 2 ] \n")).hasToString("[ 1 , 2 ]");
    assertThat(json(" -0.10E+2 ")).hasToString("-0.10E+2");
    assertThat(json("\"a b\" ").length()).isEqualTo(5);
  }

  @Test
  void parsedValueMayHaveKeysThatMessagesMayNot() throws MalformedMessage {
    assertThat(json("{\"ID\":1,\"Method\":2,\"id\\u0000\":3}").members()).hasSize(3);
  }

  @Test
  void parsingIsStrictOtherwise() {
    assertThatThrownBy(() -> json("{\"a\":1,\"\\u0061\":2}")).isInstanceOf(MalformedMessage.class);
    assertThatThrownBy(() -> json("1 2")).isInstanceOf(MalformedMessage.class);
    assertThatThrownBy(() -> json("[".repeat(129) + "]".repeat(129)))
        .isInstanceOf(MalformedMessage.class);
  }

  @Test
  void membersKeepTheirOrderAndSpelling() throws MalformedMessage {
    var object = json("{ \"z\" : 1E400 , \"\\u0061\":\"\\u0061\" ,\"n\": [ 1,{\"]\":\"}\\\"\"} ]}");

    assertThat(object.members())
        .extracting(Json.Member::key, member -> member.value().toString())
        .containsExactly(
            tuple("z", "1E400"), tuple("a", "\"\\u0061\""), tuple("n", "[ 1,{\"]\":\"}\\\"\"} ]"));
  }

  @Test
  void elementsKeepTheirOrderAndSpelling() throws MalformedMessage {
    var array = json("[ -0 ,[[ ],{}],\"],\" , true\n,null,{\"a\":[1]},1.50 ]");

    assertThat(array.elements())
        .extracting(Json::toString)
        .containsExactly("-0", "[[ ],{}]", "\"],\"", "true", "null", "{\"a\":[1]}", "1.50");
  }

  @Test
  void findsAMemberHoweverItsKeyIsSpelled() throws MalformedMessage {
    var object = json("{\"\\u006eame\":1,\"a\\nb\":2,\"é\":3,\"\":4,\"a\\\\nb\":5,\"nam\":6}");

    assertThat(object.member("name")).hasToString("Optional[1]");
    assertThat(object.member("a\nb")).hasToString("Optional[2]");
    assertThat(object.member("é")).hasToString("Optional[3]");
    assertThat(object.member("")).hasToString("Optional[4]");
    assertThat(object.member("a\\nb")).hasToString("Optional[5]");
    assertThat(object.member("Name")).isEmpty();
    assertThat(object.member("\\u006eame")).isEmpty();
  }

  @Test
  void findsNothingInWhatIsNoObjectOrArray() throws MalformedMessage {
    assertThat(json("[{\"a\":1}]").member("a")).isEmpty();
    assertThat(json("\"a\"").members()).isEmpty();
    assertThat(json("{\"a\":1}").elements()).isEmpty();
    assertThat(json("{ }").members()).isEmpty();
    assertThat(json("[ ]").elements()).isEmpty();
  }

  @Test
  void textMemberIsThereOnlyWhenItIsText() throws MalformedMessage {
    var object = json("{\"a\":\"x\\ty\",\"b\":1}");

    assertThat(object.textMember("a")).contains("x\ty");
    assertThat(object.textMember("b")).isEmpty();
    assertThat(object.textMember("c")).isEmpty();
  }

  @Test
  void textOfSomethingElseIsAFaultOfTheCaller() throws MalformedMessage {
    var number = json("12");

    assertThatThrownBy(number::text)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("not a string: 12");
  }

  @Test
  void replacingAMemberLeavesEveryOtherByte() throws MalformedMessage {
    var object = json(" { \"a\" : 1.0 ,\"b\":{\"a\":2}, \"c\": -0 } ");

    assertThat(object.with("a", Json.string("é\"")))
        .hasToString("{ \"a\" : \"é\\\"\" ,\"b\":{\"a\":2}, \"c\": -0 }");
    assertThat(object.with("b", Json.EMPTY_OBJECT))
        .hasToString("{ \"a\" : 1.0 ,\"b\":{}, \"c\": -0 }");
    assertThat(object).hasToString("{ \"a\" : 1.0 ,\"b\":{\"a\":2}, \"c\": -0 }");
    assertThatThrownBy(() -> object.with("d", Json.EMPTY_OBJECT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no member d");
  }

  @Test
  void writesObjectsAndArrays() throws MalformedMessage {
    var object =
        Json.object(
            "text",
            "a\"\\\n\u0000é\uD83D\uDE00",
            "k\"ey",
            1,
            "big",
            Long.MIN_VALUE,
            "yes",
            true,
            "inside",
            Json.object(),
            "list",
            Json.array(List.of(json("1E2"), Json.string("x"))));

    assertThat(object)
        .hasToString(
            "{\"text\":\"a\\\"\\\\\\n\\u0000é\uD83D\uDE00\",\"k\\\"ey\":1,"
                + "\"big\":-9223372036854775808,\"yes\":true,\"inside\":{},\"list\":[1E2,\"x\"]}");
    assertThat(json(object.toString()).textMember("text")).contains("a\"\\\n\u0000é\uD83D\uDE00");
    assertThat(Json.array(List.of())).hasToString("[]");
    assertThat(Json.object()).isEqualTo(Json.EMPTY_OBJECT);
  }

  @Test
  void bytesAreACopyOfTheSpelling() throws MalformedMessage {
    var value = json("[\"abc\"]").elements().getFirst();
    var copy = value.toBytes();
    copy[1] = 'X';

    assertThat(text(copy)).isEqualTo("\"Xbc\"");
    assertThat(value).hasToString("\"abc\"");
    assertThat(value.length()).isEqualTo(5);
  }

  @Test
  void equalSpellingIsEquality() throws MalformedMessage {
    var one = json("[1,\"a\",{}]");

    assertThat(one).isEqualTo(json(" [1,\"a\",{}] ")).hasSameHashCodeAs(json(" [1,\"a\",{}] "));
    assertThat(one).isNotEqualTo(json("[1, \"a\",{}]")).isNotEqualTo("[1,\"a\",{}]");
    assertThat(one.elements().getFirst()).isEqualTo(Json.trusted("1"));
  }
}
