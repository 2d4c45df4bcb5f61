package io.watchgate.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlimpseTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\0',
      delimiter = '|',
      value = {
        "{`id`:7,`method`:`m`,`params`:{`a`:1,`a`:1}}        | request 7",
        "{`params`:{`a`:1,`a`:1},`method`:`m`,`id`:`x`}      | request `x`",
        "{`method`:`m`,`params`:{`a`:1,`a`:1}}               | request none",
        "{`id`:7,`result`:{`a`:{`b`:1,`b`:1}}}               | response 7",
        "{`id`:7,`result`:{`a`:NaN}}                         | response 7",
        "{`result`:{`a`:[`xxxxxxxxxxxx                       | response none",
        "{`id`:7,`error`:{`code                              | response 7",
        "{`id`:7,`params`:{`a`:NaN},`method`:`m`}            | neither 7",
        "{`id`:7,`ID`:8,`method`:`m`}                        | neither none",
        "{`id`:{`a`:1,`a`:1},`method`:`m`}                   | request none",
        "[{`id`:7,`method`:`m`}]                             | neither none",
        "no JSON at all                                      | neither none",
      })
  void tellsWhoWaitsForWhatWasRefused(String backquoted, String expected) {
    var refused = backquoted.replace('`', '"');
    var seen = Glimpse.of(refused.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    var kind = seen.isRequest() ? "request" : seen.isResponse() ? "response" : "neither";
    assertThat(kind + " " + seen.id().map(RequestId::json).orElse("none"))
        .isEqualTo(expected.replace('`', '"'));
  }
}
