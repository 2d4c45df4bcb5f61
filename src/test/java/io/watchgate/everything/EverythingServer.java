package io.watchgate.everything;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// An MCP server with all that the official conformance suite asks for, in both eras and over both
/// transports. It shares no code with the gateway, so that the gateway can be held against it.
///
///     --era legacy|modern|both --transport stdio|http [--port N] [--name everything]
public final class EverythingServer {
  static final String INSTRUCTIONS = "A server for tests: call anything.";

  private static final Set<String> OPTIONS = Set.of("--era", "--transport", "--port", "--name");

  private EverythingServer() {}

  /// Serves until stdin ends, or over HTTP until the process is ended.
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var options = options(arguments);
    var era = Era.valueOf(options.getOrDefault("--era", "both").toUpperCase(Locale.ROOT));
    var name = options.getOrDefault("--name", "everything");
    var clock = InstantSource.system();
    var changes = new Changes();
    var catalog = new Catalog(changes);
    var modern = new Modern(name, catalog, changes, clock);
    Function<Outbox, LegacySession> sessions =
        unrelated -> new LegacySession(name, catalog, changes, clock, unrelated);
    switch (options.getOrDefault("--transport", "stdio")) {
      case "stdio" -> new StdioServing(era, modern, sessions).serve();
      case "http" -> {
        int port = Integer.parseInt(options.getOrDefault("--port", "0"));
        serve(new HttpServing(era, new LegacyEndpoint(sessions), new ModernEndpoint(modern)), port);
      }
      case String other -> throw new IllegalArgumentException("No transport: " + other);
    }
  }

  private static Map<String, String> options(String[] arguments) {
    var options = new HashMap<String, String>();
    for (int i = 0; i < arguments.length; i += 2) {
      if (!OPTIONS.contains(arguments[i]) || i + 1 == arguments.length) {
        throw new IllegalArgumentException("Unknown or without a value: " + arguments[i]);
      }
      options.put(arguments[i], arguments[i + 1]);
    }
    return options;
  }

  private static void serve(HttpServing http, int port) throws IOException, InterruptedException {
    var out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    out.println("listening on " + http.start(port));
    new CountDownLatch(1).await();
  }

  /// What the server says that it is.
  static ObjectNode info(String name) {
    return Tree.object().put("name", name).put("version", "1.0.0");
  }
}
