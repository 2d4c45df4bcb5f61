package io.watchgate.downstream;

import io.watchgate.flow.Seal;
import io.watchgate.jsonrpc.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A listener on two pipes and the client at their other ends.
final class StdioClient implements AutoCloseable {
  static final Limits LIMITS = new Limits(100_000, 16, 100_000);

  final Stage stage = new Stage();
  final StdioListener listener;
  private final OutputStream out;
  private final BufferedReader in;
  private final Thread serving;

  StdioClient() throws IOException {
    var towards = Pipe.open();
    var back = Pipe.open();
    out = Channels.newOutputStream(towards.sink());
    in =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(back.source()), StandardCharsets.UTF_8));
    listener =
        new StdioListener(
            Channels.newInputStream(towards.source()),
            Channels.newOutputStream(back.sink()),
            stage,
            HttpServer.terms(Seal.random()));
    serving = Thread.ofPlatform().daemon().start(listener::serve);
  }

  /// Shakes hands at a revision.
  StdioClient initialized(String version) throws IOException {
    send(
        """
        {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"%s",\
        "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}\
        """
            .formatted(version));
    next();
    return this;
  }

  void send(String line) throws IOException {
    send((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  String next() throws IOException {
    return in.readLine();
  }

  /// Ends the listener's input and waits until it has seen that.
  void hangUp() throws IOException, InterruptedException {
    out.close();
    serving.join();
  }

  @Override
  public void close() throws IOException {
    try {
      hangUp();
      listener.drain(Duration.ofMillis(1));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    in.close();
  }
}
