package io.watchgate.everything;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// HTTP of the stateless revision. Checks come in the order of the specification.
final class ModernEndpoint {
  private static final int KEEP_ALIVE_MILLIS = 1000;

  private final Modern modern;

  ModernEndpoint(Modern modern) {
    this.modern = modern;
  }

  void close() {
    modern.close();
  }

  /// What a request comes to.
  private record Outcome(int status, ObjectNode message) {}

  void post(HttpExchange exchange, JsonNode message) throws IOException, InterruptedException {
    if (!message.path("method").isString()) {
      refuse(exchange, null, Failure.of(Failure.INVALID_REQUEST, "Only requests are taken here"));
    } else if (message.has("id")) {
      request(exchange, message);
    } else {
      exchange.sendResponseHeaders(202, -1);
    }
  }

  static void refuse(HttpExchange exchange, @Nullable JsonNode id, Failure failure)
      throws IOException {
    HttpServing.respond(exchange, failure.status(), failure.response(id));
  }

  private void request(HttpExchange exchange, JsonNode request)
      throws IOException, InterruptedException {
    JsonNode id = request.path("id");
    Envelope envelope;
    try {
      envelope = check(new RoutingHeaders(exchange.getRequestHeaders()), request);
    } catch (Failure failure) {
      refuse(exchange, id, failure);
      return;
    }
    var stream = new ResponseStream(exchange);
    var outcome = new CompletableFuture<Outcome>();
    var worker = Thread.ofVirtual().start(() -> work(request, envelope, stream, outcome));
    try {
      var result = await(outcome, stream);
      stream.answer(result.message(), result.status());
    } finally {
      worker.interrupt();
    }
  }

  private Envelope check(RoutingHeaders headers, JsonNode request) {
    String method = request.path("method").asString();
    if (Envelope.isClaimedBy(request)) {
      headers.checkVersion(request);
    } else if (method.equals("initialize")) {
      throw refusedHandshake(headers, request);
    }
    var envelope = Envelope.of(request);
    headers.checkMethodAndName(request);
    Modern.checkMethod(method);
    if (method.equals("tools/call")) {
      JsonNode params = request.path("params");
      modern
          .catalog()
          .findTool(params.path("name").asString(""))
          .ifPresent(tool -> headers.checkArguments(tool.inputSchema(), params.path("arguments")));
    }
    return envelope;
  }

  private static Failure refusedHandshake(RoutingHeaders headers, JsonNode request) {
    return headers.isModern()
        ? Failure.headerMismatch("initialize is not of revision " + Envelope.REVISION)
        : Envelope.unsupported(request.path("params").path("protocolVersion").asString(""));
  }

  private void work(
      JsonNode request, Envelope envelope, Outbox outbox, CompletableFuture<Outcome> outcome) {
    try {
      outcome.complete(new Outcome(200, modern.answer(request, envelope, outbox)));
    } catch (Failure failure) {
      outcome.complete(new Outcome(failure.status(), failure.response(request.path("id"))));
    } catch (InterruptedException | UncheckedIOException e) {
      outcome.completeExceptionally(e);
    }
  }

  /// Waits for the outcome. A client that closes the stream is noticed here, and cancels.
  private static Outcome await(CompletableFuture<Outcome> outcome, ResponseStream stream)
      throws IOException, InterruptedException {
    while (true) {
      try {
        return outcome.get(KEEP_ALIVE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        stream.keepAlive();
      } catch (ExecutionException e) {
        throw new IOException("the client has left", e);
      }
    }
  }
}
