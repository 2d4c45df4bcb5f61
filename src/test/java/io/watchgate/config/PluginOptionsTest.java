package io.watchgate.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.plugin.Options;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.PluginFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PluginOptionsTest {
  private enum Action {
    REDACT,
    BLOCK
  }

  @Test
  void valuesAreReadByTheirKind() {
    var options =
        TestOptions.of(
            """
            action: block
            max: 7
            share: 0.5
            on: true
            wait: 2m
            size: 4KiB
            names: [a, b]
            file: here.txt
            """);
    assertThat(options.choice("action", Action.REDACT)).isEqualTo(Action.BLOCK);
    assertThat(options.integer("max", 0, 10, 1)).isEqualTo(7);
    assertThat(options.number("share", 0, 1, 1)).isEqualTo(0.5);
    assertThat(options.flag("on", false)).isTrue();
    assertThat(options.duration("wait", Duration.ZERO)).isEqualTo(Duration.ofMinutes(2));
    assertThat(options.bytes("size", 0, 10_000, 0)).isEqualTo(4096);
    assertThat(options.texts("names")).containsExactly("a", "b");
    assertThat(options.path("file")).contains(Path.of("/etc/watchgate/here.txt"));
  }

  @Test
  void whatIsNotWrittenHasItsStandard() {
    var options = TestOptions.of("empty:");
    assertThat(options.has("empty")).isFalse();
    assertThat(options.integer("max", 0, 10, 3)).isEqualTo(3);
    assertThat(options.section("part")).isEmpty();
    assertThat(options.list("parts")).isEmpty();
    assertThat(options.sections("named")).isEmpty();
  }

  @Test
  void partsAreOptionsOfTheirOwn() {
    var options = TestOptions.of("tools: [{tool: a}, {tool: b}]\ntypes: {email: {enabled: false}}");
    assertThat(options.list("tools"))
        .extracting(tool -> tool.text("tool").orElseThrow())
        .containsExactly("a", "b");
    assertThat(options.sections("types").entrySet())
        .singleElement()
        .satisfies(type -> {
          assertThat(type.getKey()).isEqualTo("email");
          assertThat(type.getValue().flag("enabled", true)).isFalse();
        });
  }

  @Test
  void anyValueCanBeReadAsJson() {
    var json = TestOptions.of("value: {a: [1, 0x10, yes, true, null, 1.50, \"1\"]}").json("value");
    assertThat(json).hasToString("Optional[{\"a\":[1,16,\"yes\",true,null,1.50,\"1\"]}]");
  }

  @Test
  void aKeyThatNobodyReadIsUnknown() {
    assertThat(problems("actoin: block\n_mine: 1", options -> options.text("action")))
        .containsExactly("1:1 config.actoin: unknown key");
    assertThat(
            problems(
                "tools: [{tool: a, nmae: b}]",
                options -> options.list("tools").forEach(tool -> tool.text("tool"))))
        .containsExactly("1:19 config.tools[0].nmae: unknown key");
  }

  @Test
  void whatCannotBeReadIsReportedWhereItStands() {
    assertThat(problems("max: 11", options -> options.integer("max", 0, 10, 1)))
        .containsExactly("1:6 config.max: expected a whole number from 0 to 10, not the number 11");
    assertThat(problems("tools: 3", options -> options.list("tools")))
        .containsExactly("1:8 config.tools: expected a list, not the number 3");
    assertThat(problems("{}", options -> options.problem("tools", "is missing")))
        .containsExactly("1:1 config: \"tools\" is missing");
  }

  private static List<String> problems(String yaml, Consumer<Options> reading) {
    return TestOptions.problems(
        new PluginFactory() {
          @Override
          public String handler() {
            return "test";
          }

          @Override
          public String description() {
            return "Reads options.";
          }

          @Override
          public Maker read(Options options) {
            reading.accept(options);
            return _ -> new Plugin() {};
          }
        },
        yaml);
  }
}
