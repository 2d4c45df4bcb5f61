package io.watchgate.agents;

import com.sun.net.httpserver.HttpExchange;
import io.watchgate.jsonrpc.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;

/// Tells a client how executions go on, as events of HTTP. What is told never waits for the client:
/// who reads too slowly loses the stream.
final class ProgressStream {
  /// Events that wait for the client.
  private static final int MOST_WAITING = 10_000;

  private static final String LAST = "result";

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>(MOST_WAITING);
  private volatile boolean overrun;

  private record Event(String name, Json data) {
    byte[] bytes() {
      return "event: %s\ndata: %s\n\n".formatted(name, data).getBytes(StandardCharsets.UTF_8);
    }
  }

  /// What one execution tells.
  Progress progress() {
    return new Progress() {
      private final AtomicReference<String> id = new AtomicReference<>("");

      @Override
      public void began(String execution) {
        id.set(execution);
        add("execution", Json.object("execution_id", execution));
      }

      @Override
      public void text(String words) {
        add("text", Json.object("execution_id", id.get(), "text", words));
      }

      @Override
      public void calling(String tool) {
        add("calling", Json.object("execution_id", id.get(), "tool", tool));
      }

      @Override
      public void ended(Step step) {
        add("step", Json.object("execution_id", id.get(), "step", step.toJson()));
      }
    };
  }

  private void add(String name, Json data) {
    overrun |= !events.offer(new Event(name, data));
  }

  /// The result, behind which nothing comes.
  void end(Json result) {
    if (!events.offer(new Event(LAST, result))) {
      events.clear();
      overrun = true;
      events.add(new Event(LAST, result));
    }
  }

  /// Writes all that comes until the end.
  ///
  /// @throws IOException when the client is gone or too slow
  void write(HttpExchange exchange) throws IOException, InterruptedException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("X-Accel-Buffering", "no");
    exchange.sendResponseHeaders(200, 0);
    var out = exchange.getResponseBody();
    while (true) {
      var event = events.take();
      if (overrun) {
        throw new IOException("more than " + MOST_WAITING + " events wait for the client");
      }
      out.write(event.bytes());
      if (events.isEmpty()) {
        out.flush();
      }
      if (event.name.equals(LAST)) {
        return;
      }
    }
  }
}
