package io.watchgate.config;

import static io.watchgate.config.Scalars.options;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The keys of a client's `mcpServers` file that mean something here. Others are let pass, as
/// clients do.
final class McpKeys {
  static final Key<Map<String, Yaml>> SERVERS =
      Key.of("mcpServers", Groups.mapOf("(?s).*", "a name", Groups.anything()), "Servers by name.")
          .required();
  static final Section FILE = Section.of("The file of an MCP client.", SERVERS).open();

  private static final Type<Map<String, String>> TEXTS =
      Groups.mapOf("(?s).+", "a name", Scalars.anyText());
  private static final Type<String> TRANSPORTS =
      Scalars.choice(
          options(
              Map.entry("stdio", "stdio"),
              Map.entry("http", "http"),
              Map.entry("streamable-http", "http"),
              Map.entry("streamableHttp", "http"),
              Map.entry("sse", "sse")));

  private static final Key<String> COMMAND = Key.of("command", Scalars.text(), "The program.");
  private static final Key<List<String>> ARGS =
      Key.of("args", Groups.listOf(Scalars.anyText()), "Its arguments.");
  private static final Key<Map<String, String>> ENV = Key.of("env", TEXTS, "Its environment.");
  private static final Key<String> CWD = Key.of("cwd", Scalars.text(), "Its directory.");
  private static final Key<String> URL = Key.of("url", Scalars.text(), "A remote server.");
  private static final Key<Map<String, String>> HEADERS = Key.of("headers", TEXTS, "Its headers.");
  private static final Key<String> TYPE = Key.of("type", TRANSPORTS, "The transport.");
  private static final Key<String> TRANSPORT = Key.of("transport", TRANSPORTS, "The same.");
  private static final Key<Boolean> DISABLED = Key.of("disabled", Scalars.flag(), "Left out.");

  static final Section SERVER =
      Section.of("One server.", COMMAND, ARGS, ENV, CWD, URL, HEADERS, TYPE, TRANSPORT, DISABLED)
          .open();

  private McpKeys() {}

  /// The same server as an entry of `proxy.upstreams`, with the positions it has.
  static Yaml.Mapping asUpstream(Values server, String name, Position nameAt) {
    List<Yaml.Entry> entries = new ArrayList<>();
    entries.add(entry("name", text(name, nameAt), nameAt));
    if (server.wrote(COMMAND)) {
      entries.add(entry("command", command(server), server.at(COMMAND).value().at()));
    }
    for (var key : List.of(ENV, CWD, URL, HEADERS)) {
      var there = server.at(key).value();
      if (server.wrote(key) && !isEmptyMapping(there)) {
        entries.add(entry(key.name(), there, there.at()));
      }
    }
    for (var key : List.of(TYPE, TRANSPORT)) {
      var at = server.at(key).value().at();
      server.find(key).ifPresent(wire -> entries.add(entry("transport", text(wire, at), at)));
    }
    server.find(DISABLED).ifPresent(off -> entries.add(enabled(!off, server.place())));
    return new Yaml.Mapping(List.copyOf(entries), server.place().value().at());
  }

  /// Clients write `"env": {}` for a remote server too; nothing is meant by it.
  private static boolean isEmptyMapping(Yaml value) {
    return value instanceof Yaml.Mapping mapping && mapping.entries().isEmpty();
  }

  private static Yaml command(Values server) {
    List<Yaml> words = new ArrayList<>();
    words.add(server.at(COMMAND).value());
    if (server.wrote(ARGS)) {
      server.at(ARGS).items().forEach(item -> words.add(item.value()));
    }
    return new Yaml.Sequence(List.copyOf(words), server.at(COMMAND).value().at());
  }

  private static Yaml.Entry enabled(boolean isOn, Place place) {
    var text = Boolean.toString(isOn);
    var at = place.value().at();
    return entry("enabled", new Yaml.Scalar(Yaml.Kind.BOOLEAN, text, text, at), at);
  }

  private static Yaml.Entry entry(String key, Yaml value, Position at) {
    return new Yaml.Entry(key, at, value);
  }

  private static Yaml text(String text, Position at) {
    return new Yaml.Scalar(Yaml.Kind.TEXT, text, text, at);
  }
}
