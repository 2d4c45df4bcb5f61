package io.watchgate;

import io.watchgate.jsonrpc.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/// A short life of the gateway as most clients know it, on pipes, with a server of the demo. The
/// JVM watches and keeps what it learns for later starts: see `watchgate`, the script. It loads all
/// that it has learned at each of them, so that it had better see nothing rare.
final class Rehearsal {
  private static final List<String> CALLS =
      List.of(
          request(2, "tools/list", Json.EMPTY_OBJECT),
          call(3, "notes__list_notes", Json.EMPTY_OBJECT));

  private Rehearsal() {}

  /// Starts, answers some requests of its own and ends. Returns the exit code.
  static int run() throws IOException, InterruptedException {
    var in = Pipe.open();
    var out = Pipe.open();
    var stdin = System.in;
    var stdout = System.out;
    var file = Files.createTempFile("watchgate-rehearsal-", ".yaml");
    try (var answers = Channels.newReader(out.source(), StandardCharsets.UTF_8)) {
      var _ = Files.writeString(file, config());
      System.setIn(Channels.newInputStream(in.source()));
      System.setOut(
          new PrintStream(Channels.newOutputStream(out.sink()), true, StandardCharsets.UTF_8));
      var gateway = Thread.ofPlatform().start(() -> Main.run("run", "-c", file.toString()));
      boolean answered = talk(in.sink(), new BufferedReader(answers));
      gateway.join();
      return answered ? 0 : Failures.FAILED;
    } finally {
      System.setIn(stdin);
      System.setOut(stdout);
      Files.delete(file);
    }
  }

  /// Everything in order, as clients do.
  ///
  /// @return whether every request was answered: on a busy machine, with an error where a server is
  ///   not there yet
  private static boolean talk(WritableByteChannel gateway, BufferedReader in) throws IOException {
    var hello =
        Json.object(
            "protocolVersion",
            "2025-11-25",
            "capabilities",
            Json.EMPTY_OBJECT,
            "clientInfo",
            Version.self());
    try (var out = new BufferedWriter(Channels.newWriter(gateway, StandardCharsets.UTF_8))) {
      boolean answered = ask(request(1, "initialize", hello), out, in);
      out.write("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n");
      for (var call : CALLS) {
        answered &= ask(call, out, in);
      }
      return answered;
    }
  }

  private static boolean ask(String request, BufferedWriter out, BufferedReader in)
      throws IOException {
    out.write(request + "\n");
    out.flush();
    var line = in.readLine();
    while (line != null && line.contains("\"method\":")) {
      line = in.readLine(); // a notification
    }
    return line != null;
  }

  private static String request(int id, String method, Json params) {
    return Json.object("jsonrpc", "2.0", "id", id, "method", method, "params", params).toString();
  }

  private static String call(int id, String tool, Json arguments) {
    return request(id, "tools/call", Json.object("name", tool, "arguments", arguments));
  }

  private static String config() {
    var notes = Json.array(DemoCommand.notes().stream().map(Json::string).toList());
    return """
    proxy:
      upstreams:
        - {name: notes, command: %s}
    logging: {level: WARN}
    """
        .formatted(notes);
  }
}
