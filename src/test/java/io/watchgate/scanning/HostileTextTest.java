package io.watchgate.scanning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.watchgate.config.TestOptions;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.PluginFactory;
import io.watchgate.plugin.TestExchange;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Texts that nobody would write, with a fixed seed: whatever they hold, they are looked into.
class HostileTextTest {
  private static final List<String> PARTS =
      List.of(
          "%",
          "%4",
          "%41",
          "%c3%a9",
          "%c3",
          "%80",
          "%u0041",
          "&",
          "&#",
          "&#x",
          "&#65;",
          "&lt;",
          "&#x110000;",
          "\\",
          "\\u",
          "\\u00",
          "\\u0041",
          "\\x4",
          "\\u{1F600}",
          "\\u{}",
          "\\U0010FFFF",
          "\uD800",
          "\uDC00",
          "\uD83D\uDE00",
          "\u200B",
          "\uFE0F",
          "\uDB40\uDC41",
          "\uDB40\uDD00",
          "\u0430",
          "\uFF41",
          "\u0301",
          "\u001B",
          "\u001B[",
          "\u001B[8m",
          "\u001B]8;;",
          "\u009B",
          "\u0007",
          "aGVsbG8gd29ybGQgaGVsbG8",
          "H4sIAAAAAAAA",
          "eJxLSk0",
          "68656c6c6f20776f726c64",
          "=",
          "==",
          "\n",
          "\r\n",
          "/",
          "-",
          "_",
          "+",
          " ",
          "\0",
          "x",
          "ignore ",
          "all previous ",
          "i g n o r e ",
          "4111111111111111",
          "a@b.co",
          "password=",
          "-----BEGIN PRIVATE KEY-----",
          "https://x.example/?data=",
          "![x](");

  private final Random random = new Random(11);

  @Test
  void whatIsFoundAnywhereCanBeTakenOut() throws Exception {
    for (int round = 0; round < 3_000; round++) {
      var content =
          Content.result(Json.object("k" + drawn(), drawn(), "l", Json.object(drawn(), drawn())));
      var scan = Scan.of(content, List.of(this::somewhere));
      var redacted = scan.redacted(hit -> "[" + hit.found().length() + "]");

      assertThat(Json.parse(redacted.toBytes(), Limits.DEFAULT).isSameAs(redacted)).isTrue();
      for (var hit : scan.hits()) {
        assertThat(hit.start()).isLessThan(hit.end());
      }
    }
  }

  @Test
  void everyPluginOfSecurityLooksIntoIt(@TempDir Path state) throws Exception {
    var home = new Home(state, InstantSource.system(), _ -> {}, new Random(1));
    for (var factory : ServiceLoader.load(PluginFactory.class)) {
      if (Set.of("pii", "prompt_injection", "secrets").contains(factory.handler())) {
        try (var plugin = factory.read(TestOptions.of("")).make(home)) {
          for (int round = 0; round < 1_000; round++) {
            var content = Content.result(Json.object(drawn(), drawn()));

            assertThatCode(() -> plugin.onResponse(TestExchange.of("tools/call"), content))
                .doesNotThrowAnyException();
          }
        }
      }
    }
  }

  private List<Finding> somewhere(String text) {
    var found = new ArrayList<Finding>();
    for (int i = random.nextInt(3); i > 0 && !text.isEmpty(); i--) {
      int start = random.nextInt(text.length());
      found.add(new Finding("x", start, start + 1 + random.nextInt(text.length() - start), 0.5));
    }
    return found;
  }

  private String drawn() {
    var text = new StringBuilder();
    for (int i = random.nextInt(random.nextInt(10) == 0 ? 400 : 12); i >= 0; i--) {
      text.append(PARTS.get(random.nextInt(PARTS.size())));
    }
    return text.toString();
  }
}
