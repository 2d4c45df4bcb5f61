package io.watchgate.hosting;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.config.TestOptions;
import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Exchange;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.PluginFactory;
import io.watchgate.plugin.TestExchange;
import io.watchgate.plugin.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginDirectoryTest {
  private static final Path EXAMPLES = Path.of("examples", "plugins");

  @TempDir private Path directory;

  private Home at(String instant) {
    var clock = InstantSource.fixed(Instant.parse(instant));
    return new Home(directory, clock, _ -> {}, new Random(1));
  }

  private static Exchange call(String tool) {
    return TestExchange.of("tools/call", "{\"name\":\"" + tool + "\"}");
  }

  private PluginFactory only(PluginDirectory.Found found) {
    assertThat(found.failures()).isEmpty();
    assertThat(found.factories()).hasSize(1);
    return found.factories().values().iterator().next().getFirst();
  }

  @Test
  void aSourceFileIsAPlugin() throws Exception {
    Files.copy(EXAMPLES.resolve("Shout.java"), directory.resolve("Shout.java"));

    var factory = only(PluginDirectory.load(directory));
    var plugin = factory.read(TestOptions.of("argument: text")).make(at("2026-11-27T12:00:00Z"));

    assertThat(factory.handler()).isEqualTo("shout");
    var params = Json.object("name", "say", "arguments", Json.object("text", "be quiet"));
    assertThat(plugin.onRequest(call("say"), new Content(Content.Kind.PARAMS, params)))
        .isEqualTo(
            new Verdict.Replace(
                Json.trusted("{\"name\":\"say\",\"arguments\":{\"text\":\"BE QUIET\"}}"),
                "wrote text in capitals"));
  }

  @Test
  void theExampleThatBlocksKeepsItsHoursAndChecksItsOptions() throws Exception {
    Files.copy(EXAMPLES.resolve("OfficeHours.java"), directory.resolve("OfficeHours.java"));
    var factory = only(PluginDirectory.load(directory));
    var options = "tools: [transfer]\nfrom: 9\nto: 17\nzone: Europe/Berlin";
    var nothing = new Content(Content.Kind.PARAMS, Json.EMPTY_OBJECT);

    var early = factory.read(TestOptions.of(options)).make(at("2026-11-27T07:59:59Z"));
    var open = factory.read(TestOptions.of(options)).make(at("2026-11-27T08:00:00Z"));

    assertThat(early.onRequest(call("transfer"), nothing))
        .isEqualTo(new Verdict.Block("only from 9 to 17 o'clock, Europe/Berlin"));
    assertThat(early.onRequest(call("balance"), nothing)).isEqualTo(Verdict.PASS);
    assertThat(open.onRequest(call("transfer"), nothing)).isEqualTo(Verdict.PASS);
    assertThat(TestOptions.problems(factory, "zone: Mars\nfrom: 12\nto: 3"))
        .containsExactly(
            "1:1 config: \"tools\" needs at least one tool",
            "1:7 config.zone: is no time zone such as Europe/Berlin",
            "3:5 config.to: must be later than from");
  }

  @Test
  void aJarIsAPlugin() throws IOException {
    var classes = Files.createDirectory(directory.resolve("classes"));
    var compiler = ToolProvider.getSystemJavaCompiler();
    var path = System.getProperty("java.class.path");
    var source = Files.createDirectories(directory.resolve("loud")).resolve("Shout.java");
    var text = Files.readString(EXAMPLES.resolve("Shout.java"));
    Files.writeString(source, "package loud;\n" + text); // a module has no unnamed package
    assertThat(compiler.run(null, null, null, "-d", classes + "", "-cp", path, source + ""))
        .isZero();
    var plugins = Files.createDirectory(directory.resolve("plugins"));
    pack(classes, plugins.resolve("shout-1.0.jar"), "loud.Shout");

    assertThat(only(PluginDirectory.load(plugins)).handler()).isEqualTo("shout");
  }

  private static void pack(Path classes, Path jar, String factory) throws IOException {
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        var all = Files.walk(classes)) {
      for (var file : all.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
      out.putNextEntry(new JarEntry("META-INF/services/" + PluginFactory.class.getName()));
      out.write(factory.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void whatCannotBeLoadedSaysWhyAndHarmsNothingElse() throws IOException {
    Files.writeString(directory.resolve("Broken.java"), "public class Broken {\n  int x = y;\n}\n");
    Files.writeString(directory.resolve("Idle.java"), "public class Idle {}\n");
    Files.writeString(directory.resolve("empty.jar"), "no jar");
    Files.writeString(directory.resolve("notes.txt"), "not looked at");
    Files.copy(EXAMPLES.resolve("Shout.java"), directory.resolve("Shout.java"));

    var found = PluginDirectory.load(directory);

    assertThat(found.factories()).containsOnlyKeys("Shout.java");
    assertThat(found.failures())
        .satisfiesExactly(
            broken -> assertThat(broken).startsWith("Broken.java: line 2: cannot find symbol"),
            idle ->
                assertThat(idle)
                    .isEqualTo("Idle.java: it has no public class that implements PluginFactory"),
            jar -> assertThat(jar).startsWith("empty.jar: "));
  }

  @Test
  void nothingIsLoadedWhereThereIsNoDirectory() {
    var found = PluginDirectory.load(directory.resolve("absent"));
    assertThat(found.factories()).isEmpty();
    assertThat(found.failures()).isEmpty();
  }
}
