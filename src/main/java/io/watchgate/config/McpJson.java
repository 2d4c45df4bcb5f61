package io.watchgate.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the `mcpServers` file of an MCP client, as it is, as a configuration: every server in it
/// becomes an upstream, everything else has its default.
public final class McpJson {
  private McpJson() {}

  /// A configuration, and what was changed on the way.
  ///
  /// @param warnings one sentence each, such as a server that is called otherwise here
  public record Loaded(GatewayConfig config, List<String> warnings) {}

  /// Reads the file; relative paths in it are relative to its directory.
  ///
  /// @param environment where `${NAME}`, `${env:NAME}` and `~` look
  /// @throws InvalidConfigException with every problem of the file
  public static Loaded load(Path file, Map<String, String> environment) {
    var problems = new Problems(file);
    var places = new Places(file, environment);
    // A tab between the values of a JSON file is a blank to JSON and an error to YAML.
    var tree =
        SourceFile.read(file, problems)
            .flatMap(text -> YamlReader.read(text.replace('\t', ' '), problems));
    if (tree.isEmpty() && problems.size() == 0) {
      problems.add(Position.START, "", "the file is empty, it needs mcpServers");
    }
    if (tree.isEmpty()) {
      problems.throwIfAny();
    }
    return load(new Place(tree.orElseThrow(), "", places, problems));
  }

  private static Loaded load(Place root) {
    var servers = servers(root);
    var names = new ServerNames(servers.stream().map(Server::name).toList());
    List<Values> upstreams = new ArrayList<>();
    for (var server : servers) {
      upstream(server, names.of(server.name())).ifPresent(upstreams::add);
    }
    var defaults = Values.none(root);
    UpstreamChecks.check(upstreams, defaults);
    root.problems().throwIfAny();
    return new Loaded(Assembly.of(defaults, upstreams, List.of()), names.warnings());
  }

  private static List<Server> servers(Place root) {
    var read = root.read(McpKeys.FILE);
    var section = read.flatMap(values -> values.find(McpKeys.SERVERS).map(v -> values));
    List<Server> servers = new ArrayList<>();
    section
        .map(values -> values.at(McpKeys.SERVERS))
        .filter(place -> place.value() instanceof Yaml.Mapping)
        .ifPresent(place -> {
          for (var entry : ((Yaml.Mapping) place.value()).entries()) {
            servers.add(new Server(entry.key(), entry.keyAt(), place.entry(entry)));
          }
        });
    if (section.isPresent() && servers.isEmpty() && root.problems().size() == 0) {
      section.get().at(McpKeys.SERVERS).problem("there is no server in it");
    }
    return servers;
  }

  /// One server, checked as the client's file first and then as an upstream of our own.
  private static Optional<Values> upstream(Server server, String name) {
    var before = server.place().problems().size();
    var read = server.resolved().read(McpKeys.SERVER);
    if (read.isEmpty() || server.place().problems().size() > before) {
      return Optional.empty();
    }
    var mapping = McpKeys.asUpstream(read.get(), name, server.nameAt());
    var place = server.place();
    return new Place(mapping, place.path(), place.places(), place.problems())
        .read(UpstreamKeys.SECTION);
  }

  private record Server(String name, Position nameAt, Place place) {

    /// With references replaced, unless the server is off: then nobody set its variables.
    Place resolved() {
      if (isOff()) {
        return place;
      }
      var interpolator = new Interpolator(Interpolator.CLIENTS, place.places(), place.problems());
      var value = interpolator.replace(place.value(), place.path());
      return new Place(value, place.path(), place.places(), place.problems());
    }

    private boolean isOff() {
      return place.value() instanceof Yaml.Mapping mapping
          && mapping.entries().stream()
              .filter(entry -> entry.key().equals("disabled"))
              .anyMatch(entry ->
                  entry.value() instanceof Yaml.Scalar scalar && scalar.text().equals("true"));
    }
  }
}
