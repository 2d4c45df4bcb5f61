package io.watchgate.upstream;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.mcp.MirrorHeader;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Streamable HTTP (specification 2025-03-26 to 2025-11-25, transports): every message is a POST,
/// answered by JSON or by a stream of events; a GET stream brings what belongs to no call.
final class StreamableHttpTransport implements Transport {
  private static final Logger log = LoggerFactory.getLogger(StreamableHttpTransport.class);
  private static final Duration SHORT = Duration.ofSeconds(5);
  static final String SESSION = "Mcp-Session-Id";

  private final RemoteEndpoint endpoint;
  private final Duration patience;
  private final int maxBytes;
  private final CountDownLatch over = new CountDownLatch(1);
  private @Nullable Receiver receiver;
  private volatile Optional<String> sessionId = Optional.empty();
  private volatile Optional<String> protocolVersion = Optional.empty();
  private volatile @Nullable Heading heading;
  private volatile @Nullable ListeningStream listening;
  private volatile boolean lost;
  private volatile boolean closed;

  /// What the head of a posted message says.
  private record Heading(
      Optional<String> sessionId, Optional<String> protocolVersion, HttpHead head) {}

  /// @param patience longest wait for the answer to a message that is no request
  StreamableHttpTransport(RemoteEndpoint endpoint, Duration patience, int maxBytes) {
    this.endpoint = endpoint;
    this.patience = patience;
    this.maxBytes = maxBytes;
  }

  @Override
  public void open(Receiver messages, Deadline deadline) {
    receiver = messages;
  }

  @Override
  public void send(byte[] message, @Nullable Pending pending)
      throws IOException, SessionGone, InterruptedException {
    if (closed) {
      throw new SessionGone("the session is closed");
    }
    try {
      if (pending == null) {
        tell(message);
      } else {
        ask(message, pending);
      }
    } catch (IOException e) {
      if (pending == null || !pending.isSettled()) {
        throw e;
      }
    }
  }

  private void tell(byte[] message) throws IOException, SessionGone, InterruptedException {
    var deadline = Deadline.after(patience, Time.REAL);
    var sent = heading();
    try (var exchange = endpoint.post(sent.head, message, true, deadline)) {
      int status = exchange.awaitStatus(deadline::remainingNanos);
      if (status >= 300) {
        refused(exchange, status, sent.sessionId.isPresent(), null);
      }
    }
  }

  private void ask(byte[] message, Pending pending)
      throws IOException, SessionGone, InterruptedException {
    var sent = heading();
    var head = pending.headers().isEmpty() ? sent.head : posting(pending.headers());
    try (var exchange =
        endpoint.post(head, message, pending.isRepeatable(), pending.connectBy(patience))) {
      // A server that forgot the session says so to each call: those may go to the next session.
      pending.onSettled(() -> {
        if (!lost) {
          exchange.leave();
        }
      });
      int status = exchange.awaitStatus(pending::remainingNanos);
      if (status >= 300) {
        refused(exchange, status, sent.sessionId.isPresent(), pending);
        return;
      }
      pending.onSettled(exchange::leave);
      if (sessionId.isEmpty()) {
        sessionId = exchange.header(SESSION);
      }
      readAnswer(exchange, status, pending);
    }
  }

  /// A status that is an error: the session is over, the body says it in JSON-RPC, or neither. A
  /// session that is not ready yet is none that is over.
  private void refused(
      HttpExchange exchange, int status, boolean inSession, @Nullable Pending pending)
      throws IOException, SessionGone, InterruptedException {
    boolean inUse = inSession && listening != null;
    if (inUse && status == 404) {
      throw sessionLost();
    }
    var refusal = HttpRefusal.read(exchange, status);
    // Servers made after early examples of the SDKs say 400 where the specification wants 404.
    if (inUse && status == 400 && refusal.error().filter(this::isAboutSession).isPresent()) {
      throw sessionLost();
    }
    boolean counts = protocolVersion.isPresent() || refusal.isOfTheRequest();
    if (pending != null && refusal.error().isPresent() && counts) {
      receiver().received(refusal.body(), pending);
    }
    if (pending == null || !pending.isSettled()) {
      throw refusal.failure();
    }
  }

  private SessionGone sessionLost() {
    lost();
    return new SessionGone("the server ended the session");
  }

  private boolean isAboutSession(Json error) {
    var message = error.textMember("message").orElse("").toLowerCase(Locale.ROOT);
    return message.contains("session");
  }

  private void readAnswer(HttpExchange exchange, int status, Pending pending)
      throws IOException, InterruptedException {
    if (exchange.isOfType(RemoteEndpoint.EVENTS)) {
      readEvents(exchange, pending);
    } else if (exchange.isOfType(RemoteEndpoint.JSON)) {
      var answer = exchange.readAll(maxBytes, pending::remainingNanos);
      if (!pending.isSettled()) { // of a call that was given up, nothing may be left to read
        receiver().received(answer, pending);
      }
    } else {
      throw new Unusable(HttpRefusal.wrongType(exchange, status));
    }
    if (!pending.isSettled()) {
      throw new IOException("the answer ended before the result");
    }
  }

  /// A stream that ends before the result goes on elsewhere when its events have ids.
  private void readEvents(HttpExchange exchange, Pending pending)
      throws IOException, InterruptedException {
    var events = events(pending);
    try {
      exchange.feed(events, pending::remainingNanos, pending::isSettled);
    } catch (HttpExchange.Broken broken) {
      if (events.lastId() == null) {
        throw broken;
      }
    }
    var lastId = events.lastId();
    while (lastId != null && !pending.isSettled()) {
      pending.client().hangUp();
      pause(ListeningStream.pause(events), pending);
      events = events(pending);
      resume(lastId, events, pending);
      lastId = events.lastId() == null ? lastId : events.lastId();
    }
  }

  /// An event that has an id and no data says that the server may hang up before the answer, and
  /// wants the client to come back.
  private ServerSentEvents events(Pending pending) {
    var events = new AtomicReference<ServerSentEvents>();
    events.set(
        new ServerSentEvents(
            maxBytes,
            (_, data) -> {
              if (data.length == 0 && events.get().lastId() != null) {
                pending.client().streaming(Duration.ofMillis(ListeningStream.pause(events.get())));
              }
              deliver(data, pending);
            }));
    return events.get();
  }

  private void resume(String lastId, ServerSentEvents events, Pending pending)
      throws IOException, InterruptedException {
    try (var exchange = endpoint.stream(headers(), lastId, pending.connectBy(patience))) {
      pending.onSettled(exchange::leave);
      int status = exchange.awaitStatus(pending::remainingNanos);
      if (status != 200 || !exchange.isOfType(RemoteEndpoint.EVENTS)) {
        throw new IOException(
            "the answer ended before the result and goes on nowhere: HTTP status " + status);
      }
      exchange.feed(events, pending::remainingNanos, pending::isSettled);
    }
  }

  private void pause(long millis, Pending pending) throws IOException, InterruptedException {
    long left = TimeUnit.NANOSECONDS.toMillis(pending.remainingNanos());
    if (over.await(Math.min(millis, left), TimeUnit.MILLISECONDS)) {
      throw new IOException("the session is closed");
    }
    if (left <= millis) {
      throw new HttpExchange.TimeOver();
    }
  }

  private void deliver(byte[] data, @Nullable Pending pending) {
    if (data.length > 0) {
      receiver().received(data, pending);
    }
  }

  @Override
  public void agreed(String version) {
    protocolVersion = Optional.of(version);
  }

  @Override
  public boolean hasSession() {
    return sessionId.isPresent();
  }

  @Override
  public void listen() {
    var stream =
        new ListeningStream(
            endpoint,
            new ListeningStream.Settings(this::headers, patience, maxBytes),
            new ListeningStream.Events() {
              @Override
              public void message(byte[] data) {
                deliver(data, null);
              }

              @Override
              public void lost() {
                StreamableHttpTransport.this.lost();
              }
            });
    listening = stream;
    stream.start();
  }

  private void lost() {
    lost = true;
    closed = true;
    sessionId = Optional.empty();
    receiver().expired("the server ended the session");
  }

  private Receiver receiver() {
    return Objects.requireNonNull(receiver, "not open");
  }

  /// The head of what is posted now; made anew when the session or its revision is another.
  private Heading heading() {
    var known = heading;
    if (known == null
        || !known.sessionId.equals(sessionId)
        || !known.protocolVersion.equals(protocolVersion)) {
      known = new Heading(sessionId, protocolVersion, posting(Map.of()));
      heading = known;
    }
    return known;
  }

  private HttpHead posting(Map<String, String> more) {
    var headers = headers();
    headers.putAll(more);
    return endpoint.posting(endpoint.url(), headers);
  }

  private Map<String, String> headers() {
    var headers = new LinkedHashMap<String, String>();
    sessionId.ifPresent(id -> headers.put(SESSION, id));
    protocolVersion.ifPresent(version -> headers.put(MirrorHeader.PROTOCOL_VERSION, version));
    return headers;
  }

  /// Tells the server that the session is over (specification, session management).
  @Override
  public void close() {
    closed = true;
    over.countDown();
    var stream = listening;
    if (stream != null) {
      stream.close();
    }
    if (sessionId.isEmpty()) {
      return;
    }
    var deadline = Deadline.after(SHORT, Time.REAL).orSooner(Deadline.after(patience, Time.REAL));
    try (var exchange = endpoint.delete(headers(), deadline)) {
      exchange.awaitStatus(deadline::remainingNanos);
    } catch (IOException e) {
      log.debug("cannot end the session at {}: {}", endpoint, e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
