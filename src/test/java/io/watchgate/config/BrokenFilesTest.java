package io.watchgate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that are wrong before any key matters.
class BrokenFilesTest {
  @TempDir Path directory;
  private ConfigFiles files;

  @BeforeEach
  void setUp() {
    files = new ConfigFiles(directory);
  }

  @Test
  void filesThatAreNoConfigurationAreSaidSo() {
    var empty = "watchgate.yaml:1:1: the file is empty, it needs at least proxy.upstreams";
    assertThat(files.problems("")).containsExactly(empty);
    assertThat(files.problems("# nothing\n")).containsExactly(empty);
    assertThat(files.problems("~")).containsExactly(empty);
    assertThat(files.problems("- a"))
        .containsExactly("watchgate.yaml:1:1: expected a mapping, not a list");
    assertThat(files.problems("hello"))
        .containsExactly("watchgate.yaml:1:1: expected a mapping, not the text \"hello\"");
    assertThat(files.problems("proxy: 12"))
        .containsExactly("watchgate.yaml:1:8: proxy: expected a mapping, not the number 12");
    assertThat(files.problems("admin: {}"))
        .containsExactly("watchgate.yaml:1:1: the key \"proxy\" is missing");
    assertThat(files.problems("proxy:")).hasSize(1);
    assertThat(files.problems("proxy: {}"))
        .containsExactly(
            "watchgate.yaml:1:8: proxy: the key \"upstreams\" is missing, a gateway needs at least"
                + " one server");
    assertThat(files.problems("proxy: {upstreams: []}"))
        .containsExactly(
            "watchgate.yaml:1:20: proxy.upstreams: the list is empty, it needs at least 1");
    assertThat(files.problems("proxy: {upstreams: [x]}"))
        .containsExactly(
            "watchgate.yaml:1:21: proxy.upstreams[0]: expected a mapping, not the text \"x\"");
  }

  @Test
  void brokenYamlIsReportedWhereItBreaks() {
    assertThat(files.problems("proxy:\n\ttransport: http"))
        .singleElement()
        .asString()
        .startsWith("watchgate.yaml:2:1: not valid YAML: ")
        .contains("TAB");
    assertThat(files.problems("proxy: [1"))
        .containsExactly(
            "watchgate.yaml:1:10: not valid YAML: while parsing a flow sequence, expected ',' or"
                + " ']', but got <stream end>");
    assertThat(files.problems("a: 1\nb: x\u0001"))
        .containsExactly("watchgate.yaml:2:5: not valid YAML: the character U+0001 is not allowed");
    assertThat(files.problems("a: 1\n---\nb: 1"))
        .singleElement()
        .asString()
        .startsWith("watchgate.yaml:3:1: ")
        .contains("a second document");
  }

  @Test
  void hostileYamlIsAProblemAndNothingElse() {
    assertThat(files.problems("[".repeat(20_000)))
        .containsExactly("watchgate.yaml:1:65: nested deeper than 64 levels");
    assertThat(files.problems("a: ".repeat(1) + "{a: ".repeat(20_000)))
        .singleElement()
        .asString()
        .contains("nested deeper than 64 levels");
    assertThat(files.problems("a: &x [*x]"))
        .containsExactly("watchgate.yaml:1:8: a[0]: the alias *x holds itself");
    assertThat(files.problems("a: *y"))
        .containsExactly("watchgate.yaml:1:4: a: the alias *y has no anchor &y before it");
    assertThat(files.problems(laughs()))
        .singleElement()
        .asString()
        .contains("more than 100000 values");
    assertThat(files.problems(tower()))
        .singleElement()
        .asString()
        .contains("nested deeper than 64 levels");
    assertThat(files.problems("#" + "x".repeat(1 << 20)))
        .containsExactly("watchgate.yaml:1:1: the file is larger than 1048576 bytes");
    assertThat(
            files.problems("? " + "k".repeat(300) + "\n: [1]\nproxy: {upstream: {url: http://a}}"))
        .containsExactly("watchgate.yaml:1:3: the key has 300 characters, 256 are allowed");
    assertThat(files.problems("!-%b")).isNotEmpty();
    assertThat(files.problems("proxy: {timeouts: {request_timeout: " + "1s".repeat(99_999) + "!}}"))
        .isNotEmpty();
    assertThat(files.problems("? {a: 1}\n: 2\nproxy: {upstream: {url: http://a}}"))
        .containsExactly("watchgate.yaml:1:3: a key must be a text, not a mapping");
    assertThat(files.problems("proxy: !java/object {upstream: !!str {url: !x http://a}}"))
        .hasSize(3);
  }

  private static String laughs() {
    var text = new StringBuilder("a0: &a0 [x]\n");
    for (var i = 1; i < 20; i++) {
      var alias = "*a" + (i - 1);
      text.append(
          "a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", List.of(alias, alias, alias))));
    }
    return text.toString();
  }

  private static String tower() {
    var text = new StringBuilder("a0: &a0 [x]\n");
    for (var i = 1; i < 20; i++) {
      text.append("a%d: &a%d %s*a%d %s\n".formatted(i, i, "[".repeat(9), i - 1, "]".repeat(9)));
    }
    return text.toString();
  }

  @Test
  void aFileThatCannotBeReadIsAProblem() throws IOException {
    var missing = directory.resolve("none.yaml");
    Assertions.assertThatThrownBy(() -> ConfigLoader.load(missing, Map.of()))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(missing + ":1:1: there is no such file");
    Assertions.assertThatThrownBy(() -> ConfigLoader.load(directory, Map.of()))
        .hasMessage(directory + ":1:1: expected a file, but it is a directory");
    var latin = Files.write(directory.resolve("l.yaml"), new byte[] {'a', '\n', 'b', (byte) 0xE9});
    Assertions.assertThatThrownBy(() -> ConfigLoader.load(latin, Map.of()))
        .hasMessage(latin + ":2:2: the file is not UTF-8 text");
  }
}
