package io.watchgate.jsonrpc;

import static io.watchgate.jsonrpc.Samples.json;
import static io.watchgate.jsonrpc.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonStringTest {
  @Test
  void decodesEveryEscape() throws MalformedMessage {
    assertThat(json("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\uD83D\\ude00 z\"").text())
        .isEqualTo("\"\\/\b\f\n\r\tA\u00e9\uD83D\uDE00 z");
  }

  @Test
  void escapedBackslashDoesNotEscapeWhatFollows() throws MalformedMessage {
    assertThat(json("\"\\\\u0041\\\\\\n\"").text()).isEqualTo("\\u0041\\\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "plain", "quo\"te", "back\\slash", "\n\r\t\b\f\u0000\u001f\u007f", "é€\uD83D\uDE00",
        "\uD800", "\uDC00", "\uD800\uD800", "a\uDC00\uD800b", "\uD83D\uDE00\uDE00",
            "</script>\u2028"
      })
  void quotedTextReadsBackTheSame(String text) throws MalformedMessage {
    assertThat(json(JsonString.quote(text)).text()).isEqualTo(text);
  }

  @Test
  void quoteSpellsControlCharactersAsOthersDo() {
    assertThat(JsonString.quote("\"\\\n\r\t\u0001\uD800é"))
        .isEqualTo("\"\\\"\\\\\\n\\r\\t\\u0001\\ud800é\"");
  }

  @Test
  void decodedBytesAreUtf8WithAFormForLoneSurrogates() {
    assertThat(hex("\\u00e9\\ud83d\\ude00")).isEqualTo("c3a9f09f9880");
    assertThat(hex("a\\ud800\u00e9\\udfff")).isEqualTo("61eda080c3a9edbfbf");
  }

  @Test
  void longKeysAreCutInMessages() {
    var key = utf8("k".repeat(59) + "\uD83D\uDE00" + "x".repeat(1000));

    assertThat(JsonString.printable(key, 0, key.length))
        .isEqualTo("\"" + "k".repeat(59) + "\\ud83d\"");
    assertThat(JsonString.printable(utf8("x\"y"), 0, 3)).isEqualTo("\"x\\\"y\"");
  }

  private static String hex(String inside) {
    var bytes = utf8(inside);
    return HexFormat.of().formatHex(JsonString.decode(bytes, 0, bytes.length));
  }
}
