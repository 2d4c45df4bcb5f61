package io.watchgate.scanning;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ViewsTest {
  private static final String SECRET = "the secret is hunter22 indeed";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain text, with a (few) signs; and\nlines\ttabs\r\n",
        "getApplicationConfigurationFactoryBean.java",
        "src/main/java/io/watchgate/scanning/Views.java",
        "2c90633f5ed5fda905ee4841846aeefc064100aa",
        "550e8400-e29b-41d4-a716-446655440000",
        "100% sure & more \\d+ at C:\\work\\new",
      })
  void plainTextHasOneView(String text) {
    assertThat(Views.of(text)).extracting(View::text).containsExactly(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hun\u200Bter\u00AD22",
        "ｈｕｎｔｅｒ２２",
        "huntеr22",
        "hυηter22",
        "𝐡𝐮𝐧𝐭𝐞𝐫𝟐𝟐",
        "hùntér22",
        "h\u0335u\u0335n\u0335t\u0335e\u0335r\u033522",
        "hun\u3164ter22",
        "hun\u001B[8mter\u001B[0m22",
        "hunt\u202Eer22",
        "hunter٢٢",
        "hun\uFE0Fter22",
        "hunter%32%32",
        "hunt&#101;r22",
        "hunt&#x65;r&#50;2",
        "hunt\\u0065r22",
        "hunt\\x65r22",
        "hunt\\u{65}r22",
        "hunt%2565r22",
        "hunt%26%23101%3Br22",
      })
  void readsThroughADisguise(String text) {
    assertThat(original("x " + text + " y", "hunter22")).isEqualTo(text);
  }

  @Test
  void readsWhatInvisibleTagsSpell() {
    var hidden = new StringBuilder();
    "hunter22".chars().forEach(c -> hidden.appendCodePoint(0xE0000 + c));

    assertThat(original("x" + hidden + "y", "hunter22")).isEqualTo(hidden.toString());
  }

  @Test
  void readsWhatVariationSelectorsSpell() {
    var hidden = new StringBuilder();
    "hunter22".chars().forEach(c -> hidden.appendCodePoint(0xE0100 + c - 16));

    assertThat(original("x😀" + hidden + "y", "hunter22")).isEqualTo(hidden.toString());
  }

  @Test
  void readsBase64AndKnowsTheWholeToken() {
    var token = Base64.getEncoder().encodeToString(SECRET.getBytes(StandardCharsets.UTF_8));
    var url = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes("é~~" + SECRET));

    assertThat(original("see " + token + ".", "hunter22")).isEqualTo(token);
    assertThat(original("data:text/plain;base64," + token, "hunter22")).isEqualTo(token);
    assertThat(original("(" + url + ")", "hunter22")).isEqualTo(url);
    assertThat(original("x" + token, "hunter22")).isEqualTo("x" + token);
    assertThat(original("https://x.example/get/it/" + token, "hunter22")).endsWith(token);
  }

  @Test
  void readsBase64InLines() {
    var token = Base64.getMimeEncoder().encodeToString(bytes(SECRET.repeat(9)));

    assertThat(original("---\n" + token + "\n---", "hunter22")).isEqualTo(token);
  }

  @Test
  void readsHexadecimalDigits() {
    var token = HexFormat.of().formatHex(bytes(SECRET));

    assertThat(original("<" + token + ">", "hunter22")).isEqualTo(token);
  }

  @Test
  void readsWideCharacters() {
    var token = Base64.getEncoder().encodeToString(SECRET.getBytes(StandardCharsets.UTF_16LE));

    assertThat(original("-enc " + token, "hunter22")).isEqualTo(token);
  }

  @Test
  void readsPackedData() throws IOException {
    var gzip = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(gzip)) {
      out.write(bytes(SECRET));
    }
    var zlib = new ByteArrayOutputStream();
    try (var out = new DeflaterOutputStream(zlib)) {
      out.write(bytes(SECRET));
    }
    var gzipped = Base64.getEncoder().encodeToString(gzip.toByteArray());
    var deflated = HexFormat.of().formatHex(zlib.toByteArray());

    assertThat(original("a " + gzipped + " z", "hunter22")).isEqualTo(gzipped);
    assertThat(original("a " + deflated + " z", "hunter22")).isEqualTo(deflated);
  }

  @Test
  void readsOneDisguiseInAnother() {
    var once = Base64.getEncoder().encodeToString(bytes("hunt&#101;r22 and a bit more"));
    var twice = Base64.getEncoder().encodeToString(bytes("so: " + once));
    var escaped = twice.replace("=", "%3D");

    assertThat(original("v=" + escaped + "&w", "hunter22")).contains(twice.substring(0, 40));
  }

  @Test
  void readsEveryTokenOfAText() {
    var one = Base64.getEncoder().encodeToString(bytes("this is number one"));
    var two = HexFormat.of().formatHex(bytes("this is number two"));
    var text = one + " and " + two;

    assertThat(original(text, "number one")).isEqualTo(one);
    assertThat(original(text, "number two")).isEqualTo(two);
  }

  @Test
  void packedDataIsReadToABound() throws IOException {
    var gzip = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(gzip)) {
      out.write(new byte[10_000_000]);
    }
    var bomb = Base64.getEncoder().encodeToString(gzip.toByteArray());
    int read = Views.of(bomb).stream().mapToInt(view -> view.text().length()).sum();

    assertThat(read).isLessThan(5 * bomb.length() + 1000);
  }

  @Test
  void imagesAreNoText() {
    var png = new byte[5000];
    for (int i = 0; i < png.length; i++) {
      png[i] = (byte) (i * i * 31 + i / 7);
    }
    png[0] = (byte) 0x89;

    assertThat(Views.of(Base64.getEncoder().encodeToString(png))).hasSize(1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// What the original has in the place where some view has a word.
  private static String original(String text, String word) {
    for (var view : Views.of(text)) {
      int at = view.text().indexOf(word);
      if (at >= 0) {
        return text.substring(view.originStart(at), view.originEnd(at + word.length()));
      }
    }
    return "not found: " + Views.of(text).stream().map(View::text).toList();
  }
}
