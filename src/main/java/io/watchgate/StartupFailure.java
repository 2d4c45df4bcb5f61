package io.watchgate;

import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.LineReader;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.jsonrpc.Message;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Tells a client on stdio why the gateway does not start, as the answer to its first request: the
/// person behind it would otherwise only see that the process ended.
final class StartupFailure {
  private static final long PATIENCE_SECONDS = 10;

  private StartupFailure() {}

  /// @param details what is wrong
  /// @param fix what the person can do
  static void tellClient(String details, String fix) {
    if (Terminal.isInteractive()) {
      return; // a person started the gateway and has read the message
    }
    firstRequest()
        .ifPresent(request -> {
          var data = Json.object("reason", "startup_failed", "details", details, "fix", fix);
          var message = "Watchgate could not start: " + details;
          var answer = Response.failure(request.id(), ErrorCode.INTERNAL, message, data);
          System.out.println(answer.toJson());
          System.out.flush();
        });
  }

  private static Optional<Request> firstRequest() {
    var found = new CompletableFuture<Optional<Request>>();
    Thread.ofPlatform().name("stdin").daemon().start(() -> found.complete(read()));
    try {
      return found.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException _) {
      return Optional.empty();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static Optional<Request> read() {
    var reader = new LineReader(System.in, Limits.DEFAULT.maxBytes());
    try {
      for (var line = reader.next(); line != null; line = reader.next()) {
        if (asRequest(line) instanceof Request request) {
          return Optional.of(request);
        }
      }
    } catch (IOException _) {
      // there is nobody to tell
    }
    return Optional.empty();
  }

  private static @org.jspecify.annotations.Nullable Message asRequest(byte[] line) {
    try {
      return Message.read(line, Limits.DEFAULT);
    } catch (MalformedMessage _) {
      return null;
    }
  }
}
