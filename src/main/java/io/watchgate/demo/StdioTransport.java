package io.watchgate.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// A [DemoServer] over two streams: a message is one line of UTF-8.
final class StdioTransport {
  private final ReentrantLock writing = new ReentrantLock();
  private final OutputStream out;
  private final DemoSession session;

  StdioTransport(DemoServer server, OutputStream out) {
    this.out = out;
    this.session = new DemoSession(server, this::write);
  }

  /// Serves until the input ends and every request read from it is answered.
  void serve(InputStream in) {
    var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          receive(line, executor);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the demo server lost its client's messages", e);
    }
  }

  private void receive(String line, ExecutorService executor) {
    try {
      session.receive(Json.read(line), this::write, executor);
    } catch (JacksonException e) {
      String text = "Parse error: " + e.getOriginalMessage();
      write(Json.error(MissingNode.getInstance(), ProtocolError.PARSE_ERROR, text));
    }
  }

  private void write(ObjectNode message) {
    byte[] line = (Json.write(message) + "\n").getBytes(StandardCharsets.UTF_8);
    writing.lock();
    try {
      out.write(line);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the demo server's client reads no more", e);
    } finally {
      writing.unlock();
    }
  }
}
