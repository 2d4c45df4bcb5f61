package io.watchgate.middleware;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Moment;
import io.watchgate.plugin.Options;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What a plugin in a process of its own is started with, and asked about.
///
/// @param judges what it is asked about
/// @param methods patterns of methods that it is asked about, none for all
/// @param timeout how long an answer may take
/// @param maxPending questions that wait for an answer
/// @param maxLine bytes of an answer
record ProcessSettings(
    List<String> command,
    Path directory,
    Map<String, String> environment,
    Set<Moment> judges,
    ToolNames methods,
    Duration timeout,
    int maxPending,
    int maxLine) {

  static ProcessSettings read(Options options) {
    var command = options.texts("command");
    if (command.isEmpty()) {
      options.problem("command", "is missing: the program and its arguments, as a list");
    }
    return new ProcessSettings(
        command,
        options.path("cwd").orElse(Path.of("")).toAbsolutePath(),
        environment(options),
        judges(options),
        ToolNames.read(options, "methods"),
        options.duration("timeout", Duration.ofSeconds(5)),
        options.integer("max_pending", 1, 10_000, 100),
        options.bytes("max_line", 1024, 64 << 20, 17 << 20));
  }

  private static Map<String, String> environment(Options options) {
    var environment = new LinkedHashMap<String, String>();
    for (var variable : options.json("env").map(Json::members).orElse(List.of())) {
      if (variable.value().isString()) {
        environment.put(variable.key(), variable.value().text());
      } else {
        options.problem("env", "has to have a text for " + variable.key());
      }
    }
    return environment;
  }

  private static Set<Moment> judges(Options options) {
    if (!options.has("judges")) {
      return EnumSet.allOf(Moment.class);
    }
    var judges = EnumSet.noneOf(Moment.class);
    for (var name : options.texts("judges")) {
      EnumSet.allOf(Moment.class).stream()
          .filter(moment -> moment.name().toLowerCase(Locale.ROOT).equals(name))
          .findFirst()
          .ifPresentOrElse(
              judges::add,
              () ->
                  options.problem(
                      "judges",
                      "has \"" + name + "\": request, response, notification or server_request"));
    }
    return judges;
  }

  /// What it is called in the log.
  String shown() {
    return Printable.of(String.join(" ", command), 80);
  }
}
