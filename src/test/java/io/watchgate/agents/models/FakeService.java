package io.watchgate.agents.models;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A provider of models that answers what it is told to, one answer after the other.
final class FakeService implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final List<Asked> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  /// What somebody asked.
  record Asked(String path, Map<String, List<String>> headers, String body) {}

  /// What it answers.
  ///
  /// @param ends whether the connection ends behind it, or stays silent
  private record Answer(int status, Map<String, String> headers, String body, boolean ends) {}

  FakeService() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.setExecutor(executor);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  FakeService answers(String events) {
    answers.add(new Answer(200, Map.of("Content-Type", "text/event-stream"), events, true));
    return this;
  }

  FakeService answersAndKeepsSilent(String events) {
    answers.add(new Answer(200, Map.of("Content-Type", "text/event-stream"), events, false));
    return this;
  }

  FakeService keepsSilent() {
    answers.add(new Answer(0, Map.of(), "", false));
    return this;
  }

  FakeService refuses(int status, String body) {
    answers.add(new Answer(status, Map.of(), body, true));
    return this;
  }

  FakeService refuses(int status, String body, String retryAfter) {
    answers.add(new Answer(status, Map.of("Retry-After", retryAfter), body, true));
    return this;
  }

  List<Asked> requests() {
    return List.copyOf(requests);
  }

  private void serve(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add(new Asked(exchange.getRequestURI().getPath(), exchange.getRequestHeaders(), body));
    var answer = answers.poll();
    if (answer == null) {
      exchange.sendResponseHeaders(500, -1);
      exchange.close();
      return;
    }
    try (exchange) {
      answer.headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      if (answer.status > 0) {
        exchange.sendResponseHeaders(answer.status, 0);
        exchange.getResponseBody().write(answer.body.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
      }
      if (!answer.ends) {
        closed.await();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    executor.shutdownNow();
  }
}
