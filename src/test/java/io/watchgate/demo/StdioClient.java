package io.watchgate.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A client of the notes server over two pipes.
final class StdioClient implements AutoCloseable {
  private final OutputStream requests;
  private final BufferedReader answers;
  private final List<JsonNode> notifications = new ArrayList<>();
  private int lastId;

  StdioClient() throws IOException {
    Pipe in = Pipe.open();
    Pipe out = Pipe.open();
    requests = Channels.newOutputStream(in.sink());
    answers =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(out.source()), StandardCharsets.UTF_8));
    Thread.ofVirtual().start(() -> serve(in, out));
  }

  private static void serve(Pipe in, Pipe out) {
    try (var serverOut = Channels.newOutputStream(out.sink())) {
      NotesServer.serve(Channels.newInputStream(in.source()), serverOut);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(String line) throws IOException {
    requests.write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  JsonNode read() throws IOException {
    return Json.read(answers.readLine());
  }

  /// Sends a request and returns its whole answer; what comes before it is kept.
  JsonNode request(String method, String params) throws IOException {
    String head = "{\"jsonrpc\":\"2.0\",\"id\":" + ++lastId + ",\"method\":\"" + method + "\"";
    write(head + ",\"params\":" + params + "}");
    JsonNode message = read();
    while (!message.has("id")) {
      notifications.add(message);
      message = read();
    }
    return message;
  }

  /// Calls a tool and returns its result.
  JsonNode call(String tool, String arguments) throws IOException {
    String params = "{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}";
    return request("tools/call", params).path("result");
  }

  List<String> notified() {
    return notifications.stream().map(message -> message.path("method").asString("")).toList();
  }

  /// Ends the server's input and waits for the end of its output.
  @Override
  public void close() throws IOException {
    requests.close();
    answers.lines().forEach(line -> {});
    answers.close();
  }
}
