package io.watchgate.jsonrpc;

import static io.watchgate.jsonrpc.Samples.json;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CanonicalJsonTest {

  @Test
  void whiteSpaceOrderAndEscapesDoNotMatter() throws MalformedMessage {
    var one = json("{\"b\" : [1, {} ,[ ]], \"a\\u0062\":\"\\u00e9\\/\\n\\u0001\"}");
    var other = json("{\"ab\":\"é/\\u000a\\u0001\",\"b\":[1,{},[]]}");

    assertThat(CanonicalJson.of(one))
        .isEqualTo("{\"ab\":\"é/\\n\\u0001\",\"b\":[1,{},[]]}")
        .isEqualTo(CanonicalJson.of(other));
    assertThat(CanonicalJson.digest(one)).isEqualTo(CanonicalJson.digest(other)).hasSize(64);
  }

  @Test
  void keysAreInTheOrderOfTheirUtf16Units() throws MalformedMessage {
    assertThat(CanonicalJson.of(json("{\"\uE000\":1,\"\uD83D\uDE00\":2,\"a\":3,\"A\":4}")))
        .isEqualTo("{\"A\":4,\"a\":3,\"\uD83D\uDE00\":2,\"\uE000\":1}");
  }

  @Test
  void loneSurrogatesStayDifferent() throws MalformedMessage {
    assertThat(CanonicalJson.of(json("[\"\\ud800\",\"\\ud801\",\"?\"]")))
        .isEqualTo("[\"\\ud800\",\"\\ud801\",\"?\"]");
  }

  @Test
  void numbersAndOrderOfArraysDoMatter() throws MalformedMessage {
    assertThat(CanonicalJson.of(json("[1.0, 1E400, -0, true, null]")))
        .isEqualTo("[1.0,1E400,-0,true,null]");
    assertThat(CanonicalJson.digest(json("[1,2]")))
        .isNotEqualTo(CanonicalJson.digest(json("[2,1]")));
  }
}
