package io.watchgate.faults;

import io.watchgate.testkit.RawHttp;
import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A client over the HTTP+SSE transport of 2024-11-05, of a server or of the gateway: makes one
/// call after the other.
final class EventsCaller implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;

  private final RawHttp stream;
  private final RawHttp posts;
  private final String endpoint;
  private final LinkedBlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
  private int ids;

  private EventsCaller(int port) throws IOException {
    stream = RawHttp.connect(port);
    posts = RawHttp.connect(port);
    stream.request("GET", "/sse", "", "Accept: text/event-stream").readHead();
    endpoint = stream.readEvent().data();
    Thread.ofVirtual().start(this::read);
  }

  /// A client after its handshake.
  static EventsCaller open(int port) throws IOException, InterruptedException {
    var caller = new EventsCaller(port);
    caller.post(Wire.initialize("2024-11-05"));
    caller.next();
    caller.post(Wire.notification("notifications/initialized"));
    return caller;
  }

  private void read() {
    try {
      for (var event = stream.readEvent();
          !event.name().equals("end");
          event = stream.readEvent()) {
        if (event.name().equals("message")) {
          events.add(Wire.read(event.data()));
        }
      }
    } catch (IOException gone) {
      // nothing more comes
    }
  }

  private int post(String message) throws IOException {
    return posts
        .request("POST", endpoint, message, "Content-Type: application/json")
        .read()
        .status();
  }

  private @Nullable JsonNode next() throws InterruptedException {
    return events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /// Makes a call and waits for its answer.
  ///
  /// @return what is wrong with the answer, empty when nothing is
  String call(String method, String params, String expected)
      throws IOException, InterruptedException {
    var id = String.valueOf(++ids);
    int status = post(Wire.request(id, method, params));
    if (status != 202) {
      return "HTTP " + status;
    }
    var answer = next();
    if (answer == null) {
      return "no answer";
    }
    boolean right =
        answer.path("id").toString().equals(id)
            && answer.path("result").toString().contains(expected);
    return right ? "" : answer.toString();
  }

  @Override
  public void close() throws IOException {
    stream.close();
    posts.close();
  }
}
