package io.watchgate.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.config.TestOptions;
import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.TestExchange;
import io.watchgate.plugin.Verdict;
import io.watchgate.scanning.Detector;
import io.watchgate.scanning.Finding;
import io.watchgate.security.Filter.Action;
import io.watchgate.security.Filter.Policy;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class FilterTest {
  private static final Detector WORD =
      text -> {
        int at = text.indexOf("hunter22");
        return at < 0 ? List.of() : List.of(new Finding("password", at, at + 8, 1));
      };

  @Test
  void redactsAndSaysWhereButNotWhat() {
    var verdict =
        filter(Action.REDACT).onRequest(TestExchange.of("tools/call"), content("pass hunter22"));

    assertThat(verdict)
        .isEqualTo(new Verdict.Replace(Json.object("a", "pass [x]"), "redacted password in /a"));
  }

  @Test
  void blocksOrTellsWhereItIsToldTo() {
    assertThat(filter(Action.BLOCK).onResponse(TestExchange.of("tools/call"), content("hunter22")))
        .isEqualTo(new Verdict.Block("blocked for password in /a"));
    assertThat(
            filter(Action.AUDIT_ONLY)
                .onResponse(TestExchange.of("tools/call"), content("hunter22")))
        .isEqualTo(new Verdict.Pass("found password in /a"));
  }

  @Test
  void passesWhatHasNothing() {
    assertThat(
            filter(Action.BLOCK).onNotification(TestExchange.of("tools/call"), content("nothing")))
        .isSameAs(Verdict.PASS);
  }

  @Test
  void errorsAreLookedIntoToo() {
    var error = Content.error(-32000, "no hunter22", Json.object("b", "hunter22"));

    assertThat(filter(Action.REDACT).onResponse(TestExchange.of("tools/call"), error))
        .isEqualTo(
            new Verdict.Replace(
                Content.error(-32000, "no [x]", Json.object("b", "[x]")).json(),
                "redacted password in /message, password in /data/b"));
  }

  @Test
  void whatIsFoundInTheNameOfAMethodBlocks() {
    var exchange = TestExchange.of("notifications/hunter22");

    assertThat(filter(Action.REDACT).onNotification(exchange, content("x y z")))
        .isInstanceOf(Verdict.Block.class);
  }

  @Test
  void largeMessagesAreLookedIntoWhole() {
    var verdict =
        filter(Action.REDACT)
            .onRequest(TestExchange.of("tools/call"), content("y".repeat(3_000_000) + "hunter22"));

    assertThat(verdict).isInstanceOf(Verdict.Replace.class);
  }

  @Test
  void encodedTextIsLookedIntoUnlessItIsToldNotTo() {
    var token =
        Base64.getEncoder().encodeToString("it is hunter22!".getBytes(StandardCharsets.UTF_8));

    assertThat(filter(Action.REDACT).onRequest(TestExchange.of("tools/call"), content(token)))
        .isEqualTo(
            new Verdict.Replace(Json.object("a", "[x]"), "redacted password in /a (disguised)"));
    assertThat(
            new Filter("f", new Policy(Action.REDACT, false), List.of(WORD), _ -> "[x]")
                .onRequest(TestExchange.of("tools/call"), content(token)))
        .isSameAs(Verdict.PASS);
  }

  @Test
  void countsByType() {
    var filter = filter(Action.BLOCK);
    filter.onRequest(TestExchange.of("tools/call"), content("hunter22"));

    assertThat(filter.status()).hasToString("{\"action\":\"block\",\"found\":{\"password\":1}}");
    assertThat(filter.metrics()).singleElement().extracting("value").isEqualTo(1.0);
  }

  @Test
  void readsWhatGatekitCallsIt() {
    assertThat(Policy.read(TestOptions.of("action: audit_only\nscan_base64: false")))
        .isEqualTo(new Policy(Action.AUDIT_ONLY, false));
    assertThat(Policy.read(TestOptions.of(""))).isEqualTo(new Policy(Action.REDACT, true));
  }

  private static Filter filter(Action action) {
    return new Filter("test", new Policy(action, true), List.of(WORD), _ -> "[x]");
  }

  private static Content content(String text) {
    return new Content(Content.Kind.PARAMS, Json.object("a", text));
  }
}
