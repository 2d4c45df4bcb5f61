package io.watchgate.upstream;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The GET stream of a session over streamable HTTP, which brings what belongs to no call. Kept
/// open, if the server offers one, until the session ends: opened again after the last event that
/// came, when the server wants it or after a pause that doubles while the server is not there.
final class ListeningStream implements Runnable, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ListeningStream.class);
  private static final long FIRST_PAUSE_MILLIS = 1_000;
  private static final long MAX_PAUSE_MILLIS = 30_000;

  /// A server that says 0 and hangs up at once must not keep a processor busy.
  private static final long MIN_PAUSE_MILLIS = 50;

  private final RemoteEndpoint endpoint;
  private final Settings settings;
  private final Events events;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread thread;
  private @Nullable String lastId;
  private long pauseMillis = FIRST_PAUSE_MILLIS;

  /// @param headers those of the session at the time of the request
  /// @param patience longest wait for the head of the response
  /// @param maxBytes longest event
  record Settings(Supplier<Map<String, String>> headers, Duration patience, int maxBytes) {}

  /// Hears what comes on the stream.
  interface Events {
    void message(byte[] data);

    /// The server does not know the session any more.
    void lost();
  }

  ListeningStream(RemoteEndpoint endpoint, Settings settings, Events events) {
    this.endpoint = endpoint;
    this.settings = settings;
    this.events = events;
    this.thread = Thread.ofVirtual().name("events of " + endpoint).unstarted(this);
  }

  void start() {
    thread.start();
  }

  @Override
  public void run() {
    try {
      while (listen()) {
        if (over.await(pauseMillis, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException _) {
      // the session is closed
    }
  }

  /// Reads one stream to its end; false when there is no use in another one.
  private boolean listen() throws InterruptedException {
    var deadline = Deadline.after(settings.patience(), Time.REAL);
    var headers = settings.headers().get();
    try (var exchange = endpoint.stream(headers, lastId, deadline)) {
      int status = exchange.awaitStatus(deadline::remainingNanos);
      // Without a session there is none to lose: such a server just has no stream.
      if (status == 404 && headers.containsKey(StreamableHttpTransport.SESSION)) {
        events.lost();
        return false;
      }
      if (status == 200 && exchange.isOfType(RemoteEndpoint.EVENTS)) {
        read(exchange);
        return true;
      }
      log.debug("{} offers no stream of events: HTTP status {}", endpoint, status);
      if (status < 500) {
        return false;
      }
    } catch (IOException broken) {
      log.debug("stream of events from {} broke off: {}", endpoint, broken.getMessage());
    }
    pauseMillis = Math.min(pauseMillis * 2, MAX_PAUSE_MILLIS);
    return true;
  }

  private void read(HttpExchange exchange) throws InterruptedException {
    var parser =
        new ServerSentEvents(
            settings.maxBytes(),
            (_, data) -> {
              if (data.length > 0) {
                events.message(data);
              }
            });
    pauseMillis = FIRST_PAUSE_MILLIS;
    try {
      exchange.feed(parser, Deadline.NEVER::remainingNanos, () -> false);
    } catch (IOException broken) {
      log.debug("stream of events from {} broke off: {}", endpoint, broken.getMessage());
    }
    lastId = parser.lastId() == null ? lastId : parser.lastId();
    pauseMillis = pause(parser);
  }

  /// How long to wait before a stream that ended is opened again.
  static long pause(ServerSentEvents ended) {
    return ended.retryMillis() < 0
        ? FIRST_PAUSE_MILLIS
        : Math.clamp(ended.retryMillis(), MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS);
  }

  @Override
  public void close() {
    over.countDown();
    thread.interrupt();
  }
}
