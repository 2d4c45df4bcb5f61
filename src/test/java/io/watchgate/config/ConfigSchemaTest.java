package io.watchgate.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The schema and the loader agree: what one takes the other takes, wherever one key decides.
class ConfigSchemaTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(ConfigSchema.json());

  @TempDir Path directory;

  @Test
  void everyKeyHasADescriptionAndTheDefaultsAreThere() {
    var schema = JSON.readTree(ConfigSchema.json());
    assertThat(schema.at("/$schema").asString()).endsWith("2020-12/schema");
    assertDescribed(schema);
    var proxy = schema.at("/properties/proxy/properties");
    var limits = proxy.at("/limits/anyOf/0/properties");
    assertThat(limits.at("/max_message_bytes/default").asString()).isEqualTo("16MiB");
    assertThat(limits.at("/max_concurrent_requests/default").asInt()).isEqualTo(100);
    var port = proxy.at("/http/anyOf/0/properties/port");
    assertThat(port.at("/default").asInt()).isEqualTo(8787);
    assertThat(port.toString()).contains("\"minimum\":0,\"maximum\":65535");
    assertThat(proxy.at("/http/anyOf/0/properties/bearer_tokens/default").isArray()).isTrue();
    assertThat(schema.at("/properties/admin/anyOf/0/properties/enabled/default").isBoolean())
        .isTrue();
  }

  private static void assertDescribed(JsonNode node) {
    node.path("properties")
        .propertyStream()
        .forEach(key -> assertThat(key.getValue().has("description")).as(key.getKey()).isTrue());
    node.forEach(ConfigSchemaTest::assertDescribed);
  }

  @Test
  void everyKeyAndItsDefaultIsInTheDocumentation() throws IOException {
    var page = Files.readString(Path.of("docs/configuration.md"));
    for (var section : List.of(RootKeys.SECTION, UpstreamKeys.SECTION, PluginKeys.PLUGIN)) {
      assertDocumented(section, "", page);
    }
  }

  private static void assertDocumented(Section section, String above, String page) {
    for (var key : section.keys()) {
      var path = YamlFrame.join(above, key.name());
      if (key.type() instanceof Section inner && !path.equals("plugins")) {
        assertDocumented(inner, path, page);
      } else {
        var row = page.lines().filter(line -> line.startsWith("| `" + path + "`")).findFirst();
        var isNamed = row.isPresent() || page.contains("## `" + path + "`");
        assertThat(isNamed).as(path).isTrue();
        key.standard()
            .map(written -> "`" + written.replace("\"", "") + "`")
            .ifPresent(written -> assertThat(row.orElse("")).as(path).contains(written));
      }
    }
  }

  @Test
  void everyExampleIsValid() throws IOException {
    for (var name : new String[] {"basic", "advanced", "gatekit"}) {
      assertThat(faults(Files.readString(Path.of("examples", name + ".yaml")))).as(name).isEmpty();
    }
    assertThat(faults(ConfigLoaderTest.WHOLE)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "proxy: {upstream: {url: 'https://a.example/@x?y=1'}}",
        "proxy: {upstreams: {command: [a]}, separator: '::'}",
        "proxy: {upstream: {url: http://a}, transport: HTTP, http: {port: '${env:PORT:-1}'}}",
        "proxy: {upstream: {url: http://a, enabled: yes, sessions: shared}, limits: null}",
        "proxy: {upstream: {url: http://a}, timeouts: {request_timeout: 1m30s}}",
        "proxy: {upstream: {url: http://a}, timeouts: {request_timeout: 0.5}}",
        "proxy: {upstream: {url: http://a, retry: {budget: 12.5%, jitter: 0}}}",
        "proxy: {upstream: {url: http://a}, limits: {max_message_bytes: 512 kb}}",
        "{proxy: {upstream: {url: http://a}}, logging: {level: Critical, format: '%(message)s'}}",
        "{proxy: {upstream: {url: http://a}}, plugins: {_x: 1, security: {_y: 2, _global: null}}}",
        "{proxy: {upstream: {name: a, url: http://a}}, plugins: {security: {a: [{handler: pii}]}}}",
      })
  void whatLoadsIsValid(String text) {
    new ConfigFiles(directory).load(text);
    assertThat(faults(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "admin: {}",
        "proxy: {upstream: {url: ftp://a}}",
        "proxy: {upstream: {url: 12}}",
        "proxy: {upstream: {url: http://a, nmae: x}}",
        "proxy: {upstream: {url: http://a, name: 1x}}",
        "proxy: {upstream: {command: []}}",
        "proxy: {upstream: {command: [1]}}",
        "proxy: {upstream: {command: a b}}",
        "proxy: {upstream: {url: http://a, headers: {'a b': c}}}",
        "proxy: {upstream: {url: http://a, enabled: 1}}",
        "proxy: {upstream: {url: http://a, retry: {budget: 20, jitter: 0}}}",
        "proxy: {upstream: {url: http://a}, transport: tcp}",
        "proxy: {upstream: {url: http://a}, separator: ab}",
        "proxy: {upstream: {url: http://a}, http: {port: 65536}}",
        "proxy: {upstream: {url: http://a}, http: {port: 1.5}}",
        "proxy: {upstream: {url: http://a}, timeouts: {request_timeout: 0}}",
        "proxy: {upstream: {url: http://a}, timeouts: {request_timeout: 5 min}}",
        "proxy: {upstream: {url: http://a}, limits: {max_message_bytes: lots}}",
        "{proxy: {upstream: {url: http://a}}, logging: {level: LOUD}}",
        "{proxy: {upstream: {url: http://a}}, logging: {handlers: stderr}}",
        "{proxy: {upstream: {url: http://a}}, plugins: {security: [], extra: {}}}",
        "{proxy: {upstream: {url: http://a}}, plugins: {security: {_global: [{config: {}}]}}}",
        "{proxy: {upstream: {url: http://a}}, plugins: {auditing: {_global: [{handler: x, config:"
            + " {priority: 101}}]}}}",
      })
  void whatDoesNotLoadIsNotValid(String text) {
    assertThat(new ConfigFiles(directory, Map.of()).problems(text)).isNotEmpty();
    assertThat(faults(text)).isNotEmpty();
  }

  private static String faults(String yaml) {
    var value = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    var faults = SCHEMA.validate(JSON.writeValueAsString(value), InputFormat.JSON);
    return String.join("\n", faults.stream().map(Object::toString).toList());
  }
}
