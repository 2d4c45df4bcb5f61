package io.watchgate.faults;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What a row wants to be different in the configuration of its gateway.
final class Plan {
  private final Map<String, String> servers = new HashMap<>();
  private final StringBuilder more = new StringBuilder();
  private String limits = "max_concurrent_requests: 1000";
  private String javaOptions = "";
  private boolean plainPipe;

  /// Keys of one server, in flow style, such as `request_timeout: 1s`.
  Plan server(String name, String keys) {
    servers.merge(name, ", " + keys, String::concat);
    return this;
  }

  /// Keys of `proxy.limits`, in flow style.
  Plan limits(String keys) {
    limits = keys;
    return this;
  }

  /// One more server, in flow style.
  Plan more(String keys) {
    more.append("    - {").append(keys).append("}\n");
    return this;
  }

  Plan javaOptions(String options) {
    javaOptions = options;
    return this;
  }

  /// Has the first server on a pipe be started without the program that harms it.
  Plan plainPipe() {
    plainPipe = true;
    return this;
  }

  boolean isPipePlain() {
    return plainPipe;
  }

  String javaOptions() {
    return javaOptions;
  }

  static String quoted(List<String> words) {
    return words.stream().map(word -> '"' + word + '"').collect(Collectors.joining(", ", "[", "]"));
  }

  String command(String name, List<String> command) {
    return entry(name, "command: " + quoted(command) + ", sessions: shared");
  }

  String url(String name, int port) {
    return entry(name, "url: \"http://127.0.0.1:" + port + "/mcp\"");
  }

  private String entry(String name, String keys) {
    return "    - {name: " + name + ", " + keys + servers.getOrDefault(name, "") + "}\n";
  }

  /// The whole file.
  ///
  /// @param servers entries, each a line
  String configuration(List<String> servers) {
    return """
    proxy:
      transport: http
      http: {port: 0}
      limits: {%s}
      upstreams:
    %s%s\
    admin: {enabled: true, port: 0}
    """
        .formatted(limits, String.join("", servers), more);
  }
}
