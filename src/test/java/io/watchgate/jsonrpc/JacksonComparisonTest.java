package io.watchgate.jsonrpc;

import static io.watchgate.jsonrpc.Samples.text;
import static io.watchgate.jsonrpc.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// The scanner accepts what Jackson accepts that is also UTF-8, and nothing else.
class JacksonComparisonTest {
  private static final int DOCUMENTS = 20_000;
  private static final Limits LIMITS = new Limits(1 << 20, 500, 1 << 20);
  private static final JsonFactory JACKSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final List<String> SEEDS =
      List.of(
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"name\":\"a\"}}",
          "{\"a\":[1,-0,1.5e+10,1E400,0.1000],\"b\":{\"a\":true,\"b\":false,\"c\":null}}",
          "[[],{},[[{\"x\":[]}]],\"\\u0041\\n\\\\\\\"\",\"é€\uD83D\uDE00\"]",
          "{\"a\":1,\"\\u0062\":2,\"c\\td\":3,\"\":4,\"é\":5}",
          " { \"k\" : \"v\" } ",
          "[\"\\ud800\",\"\\udc00\\ud800\",123456789012345678901234567890]",
          "-12.34E-56");
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\"",
          "\\",
          "\\u",
          "0",
          "01",
          "-",
          "+",
          ".",
          "e",
          "E",
          "1",
          " ",
          "\n",
          "\t",
          "\r",
          "\f",
          "\u0000",
          "\u001f",
          "true",
          "null",
          "NaN",
          "//",
          "/**/",
          "#",
          "'",
          "\"a\":1,",
          "\"\\u0061\":1,",
          "\"b\":",
          "\\n",
          "\\x",
          "\u00a0",
          "\uFEFF",
          "é",
          "\uD83D\uDE00");

  @Test
  void acceptsExactlyWhatJacksonAccepts() {
    var random = new Random(20261124);
    int accepted = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
      var document = mutated(random);
      boolean expected =
          isUtf8(document) && startsWithoutMark(document) && jacksonAccepts(document);
      assertThat(scannerAccepts(document))
          .as("document %d: %s = %s", i, text(document), HexFormat.of().formatHex(document))
          .isEqualTo(expected);
      accepted += expected ? 1 : 0;
    }
    assertThat(accepted).as("accepted of " + DOCUMENTS).isBetween(DOCUMENTS / 20, DOCUMENTS / 2);
  }

  private static byte[] mutated(Random random) {
    var document = utf8(SEEDS.get(random.nextInt(SEEDS.size())));
    for (int edits = random.nextInt(4); edits >= 0; edits--) {
      document = edited(document, random);
    }
    return document;
  }

  private static byte[] edited(byte[] document, Random random) {
    int from = random.nextInt(document.length + 1);
    int to = Math.min(document.length, from + random.nextInt(4));
    return switch (random.nextInt(5)) {
      case 0 -> joined(document, from, utf8(""), to);
      case 1 -> joined(document, from, new byte[] {(byte) random.nextInt(256)}, from);
      case 2 -> joined(document, from, utf8(PIECES.get(random.nextInt(PIECES.size()))), to);
      case 3 -> joined(document, from, utf8(SEEDS.get(random.nextInt(SEEDS.size()))), from);
      default -> joined(document, from, utf8(PIECES.get(random.nextInt(PIECES.size()))), from);
    };
  }

  private static byte[] joined(byte[] document, int from, byte[] piece, int to) {
    return ByteBuffer.allocate(from + piece.length + document.length - to)
        .put(document, 0, from)
        .put(piece)
        .put(document, to, document.length - to)
        .array();
  }

  private static boolean scannerAccepts(byte[] document) {
    try {
      Scanner.check(document, LIMITS);
      return true;
    } catch (MalformedMessage e) {
      return false;
    }
  }

  private static boolean jacksonAccepts(byte[] document) {
    try (var parser = JACKSON.createParser(ObjectReadContext.empty(), document)) {
      int values = 0;
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        parser.finishToken(); // checks a text to its end, which is else done when somebody asks
        boolean ends = token.isScalarValue() || token.isStructEnd();
        values += ends && parser.streamReadContext().inRoot() ? 1 : 0;
      }
      return values == 1;
    } catch (JacksonException e) {
      return false;
    }
  }

  /// Jackson lets ill-formed UTF-8 pass in places.
  private static boolean isUtf8(byte[] document) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /// Jackson skips a byte order mark, which RFC 8259 forbids to send.
  private static boolean startsWithoutMark(byte[] document) {
    return document.length < 1 || document[0] != (byte) 0xEF;
  }
}
