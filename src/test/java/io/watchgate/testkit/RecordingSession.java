package io.watchgate.testkit;

import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.LogLevel;
import io.watchgate.mcp.ProtocolVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A client's session for tests: keeps what it is told, answers what it is asked with its own key
/// or as the test says.
public final class RecordingSession implements Session {
  private final String key;
  private final Json capabilities;
  private String principal = "test";
  private Optional<LogLevel> logLevel = Optional.empty();
  private Answer answer;
  private ProtocolVersion version = ProtocolVersion.NEWEST_HANDSHAKE;
  private final BlockingQueue<Notification> told = new LinkedBlockingQueue<>();
  private final List<Duration> retries = new CopyOnWriteArrayList<>();
  private final List<Request> asked = new CopyOnWriteArrayList<>();
  private final List<Runnable> onClose = new ArrayList<>();

  public RecordingSession(String key) {
    this(key, Json.EMPTY_OBJECT);
  }

  public RecordingSession(String key, Json capabilities) {
    this.key = key;
    this.capabilities = capabilities;
    this.answer = request -> Response.success(request.id(), Json.object("from", key));
  }

  /// How a client answers what it is asked.
  @FunctionalInterface
  public interface Answer {
    Response to(Request request) throws InterruptedException;
  }

  /// The client answers in another way.
  public RecordingSession answering(Answer other) {
    answer = other;
    return this;
  }

  /// The client asked for log messages from this severity on.
  public RecordingSession logging(LogLevel level) {
    logLevel = Optional.of(level);
    return this;
  }

  @Override
  public String principal() {
    return principal;
  }

  /// The client is another's.
  public RecordingSession of(String other) {
    principal = other;
    return this;
  }

  @Override
  public ProtocolVersion version() {
    return version;
  }

  /// The client speaks another revision.
  public RecordingSession speaking(ProtocolVersion other) {
    version = other;
    return this;
  }

  @Override
  public String clientName() {
    return "recording";
  }

  /// The next thing that this client was told, as text; waits for it for up to 10 s.
  public String heard() throws InterruptedException {
    var next = told.poll(10, TimeUnit.SECONDS);
    return next == null ? "nothing" : new String(next.toBytes(), StandardCharsets.UTF_8);
  }

  /// How long servers that stream their answers want this client to wait before it comes back.
  public List<Duration> retries() {
    return List.copyOf(retries);
  }

  @Override
  public void streaming(Duration retry) {
    retries.add(retry);
  }

  /// Whether there is nothing that was not yet {@link #heard()}.
  public boolean heardAll() {
    return told.isEmpty();
  }

  public List<Request> asked() {
    return List.copyOf(asked);
  }

  /// The client goes away.
  public void close() {
    List.copyOf(onClose).forEach(Runnable::run);
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public Json capabilities() {
    return capabilities;
  }

  @Override
  public Optional<LogLevel> logLevel() {
    return logLevel;
  }

  @Override
  public void onClose(Runnable action) {
    onClose.add(action);
  }

  @Override
  public void tell(Notification notification) {
    told.add(notification);
  }

  @Override
  public Response ask(Request request, Consumer<Notification> progress)
      throws InterruptedException {
    asked.add(request);
    return answer.to(request);
  }
}
