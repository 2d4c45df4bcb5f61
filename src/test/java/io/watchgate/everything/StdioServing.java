package io.watchgate.everything;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One message a line, on stdin and stdout, for clients of both eras at once.
final class StdioServing implements Outbox {
  private final Era era;
  private final Modern modern;
  private final LegacySession session;
  private final Map<JsonNode, Thread> running = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final OutputStream out = new FileOutputStream(FileDescriptor.out);

  StdioServing(Era era, Modern modern, Function<Outbox, LegacySession> sessions) {
    this.era = era;
    this.modern = modern;
    this.session = sessions.apply(this);
  }

  /// Serves until stdin ends.
  void serve() throws IOException {
    var input =
        new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8);
    try (var lines = new BufferedReader(input)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          receive(line);
        }
      }
    }
    session.close();
  }

  private void receive(String line) {
    JsonNode message;
    try {
      message = Tree.read(line);
    } catch (JacksonException e) {
      send(Failure.of(Failure.PARSE_ERROR, "Parse error").response(null));
      return;
    }
    var problem = Messages.problem(message);
    if (problem.isPresent()) {
      send(problem.get().response(null));
    } else if (message.isArray()) {
      message.forEach(this::dispatch);
    } else {
      dispatch(message);
    }
  }

  private void dispatch(JsonNode message) {
    if (!message.has("method") || !message.has("id")) {
      session.take(message);
      cancel(message);
    } else if (era.isModern(message, "")) {
      start(message);
    } else {
      session.start(message, this, () -> {});
    }
  }

  private void cancel(JsonNode message) {
    if (message.path("method").asString("").equals("notifications/cancelled")) {
      var thread = running.get(message.path("params").path("requestId"));
      if (thread != null) {
        thread.interrupt();
      }
    }
  }

  private void start(JsonNode request) {
    var id = request.path("id");
    var thread = Thread.ofVirtual().unstarted(() -> run(request));
    if (running.putIfAbsent(id, thread) == null) {
      thread.start();
    } else {
      send(Failure.of(Failure.INVALID_REQUEST, "The id " + id + " is in use").response(id));
    }
  }

  private void run(JsonNode request) {
    var id = request.path("id");
    try {
      send(answer(request));
    } catch (Failure failure) {
      send(failure.response(id));
    } catch (InterruptedException e) {
      // Cancelled: nobody waits for an answer.
    } finally {
      running.remove(id);
    }
  }

  private ObjectNode answer(JsonNode request) throws InterruptedException {
    boolean isHandshake = request.path("method").asString().equals("initialize");
    if (isHandshake && !Envelope.isClaimedBy(request)) {
      throw Envelope.unsupported(request.path("params").path("protocolVersion").asString(""));
    }
    return modern.answer(request, Envelope.of(request), this);
  }

  @Override
  public void send(ObjectNode message) {
    lock.lock();
    try {
      out.write((Tree.write(message) + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("nobody reads stdout", e);
    } finally {
      lock.unlock();
    }
  }
}
