package io.watchgate.testkit;

import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.LogLevel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A client's session for tests: keeps what it is told, answers what it is asked with its own key.
public final class RecordingSession implements Session {
  private final String key;
  private final Json capabilities;
  private final BlockingQueue<Notification> told = new LinkedBlockingQueue<>();
  private final List<Request> asked = new CopyOnWriteArrayList<>();
  private final List<Runnable> onClose = new ArrayList<>();

  public RecordingSession(String key) {
    this(key, Json.EMPTY_OBJECT);
  }

  public RecordingSession(String key, Json capabilities) {
    this.key = key;
    this.capabilities = capabilities;
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
    return Optional.empty();
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
  public Response ask(Request request, Consumer<Notification> progress) {
    asked.add(request);
    return Response.success(request.id(), Json.object("from", key));
  }
}
