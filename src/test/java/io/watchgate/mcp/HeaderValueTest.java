package io.watchgate.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderValueTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      textBlock =
          """
          us-west 1|us-west 1
          ''|''
          =?base64?=|=?base64?=
          =?BASE64?SGVsbG8=?=|=?BASE64?SGVsbG8=?=
           padded |=?base64?IHBhZGRlZCA=?=
          Grüße|=?base64?R3LDvMOfZQ==?=
          =?base64?SGVsbG8=?=|=?base64?PT9iYXNlNjQ/U0dWc2JHOD0/PQ==?=
          """)
  void textIsPlainWhereAHeaderCanCarryIt(String text, String value) {
    assertThat(HeaderValue.encode(text)).isEqualTo(value);
    assertThat(HeaderValue.decode(value)).contains(text);
  }

  @Test
  void controlCharactersTravelAsBase64() {
    assertThat(HeaderValue.encode("a\r\nHost: b")).isEqualTo("=?base64?YQ0KSG9zdDogYg==?=");
    assertThat(HeaderValue.encode("a\tb")).isEqualTo("a\tb");
    assertThat(HeaderValue.encode("\ta")).isEqualTo("=?base64?CWE=?=");
  }

  @Test
  void spaceAroundAValueIsNotPartOfIt() {
    assertThat(HeaderValue.decode(" \t a b \t")).contains("a b");
    assertThat(HeaderValue.decode(" =?base64?SGVsbG8=?= ")).contains("Hello");
    assertThat(HeaderValue.decode("  ")).contains("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=?base64?SGVsbG8?=", // no padding
        "=?base64?SGVsbG9=?=", // bits left over
        "=?base64?SGVs bG8=?=",
        "=?base64?SGVs_G8=?=",
        "=?base64?/w==?=", // no UTF-8
        "a\u0001b",
        "a\u007fb",
        "Grüße"
      })
  void whatNoEncoderWritesIsRefused(String value) {
    assertThat(HeaderValue.decode(value)).isEmpty();
  }
}
