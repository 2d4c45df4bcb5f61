package io.watchgate.testkit;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.LineReader;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.jsonrpc.Message;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/// A client that speaks MCP in lines over a pair of streams and keeps everything that comes back.
public final class TestClient implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;

  private final OutputStream out;
  private final AtomicLong ids = new AtomicLong();
  private final Map<String, CompletableFuture<Response>> waiting = new ConcurrentHashMap<>();
  private final LinkedBlockingQueue<Notification> notifications = new LinkedBlockingQueue<>();
  private final AtomicInteger strays = new AtomicInteger();
  private volatile Function<Request, Response> asked =
      request -> Response.failure(request.id(), -32601, "not supported", Json.EMPTY_OBJECT);

  public TestClient(InputStream in, OutputStream out) {
    this.out = out;
    Thread.ofPlatform().daemon().name("test client").start(() -> read(in));
  }

  /// Shakes hands, declaring these capabilities.
  public Json initialize(String capabilities) {
    var params =
        Json.object(
            "protocolVersion", "2025-11-25",
            "capabilities", Json.trusted(capabilities),
            "clientInfo", Json.object("name", "test", "version", "1"));
    var result = request("initialize", params).result().orElseThrow();
    send(Notification.of("notifications/initialized"));
    return result;
  }

  /// Answers what servers ask.
  public void onAsk(Function<Request, Response> answer) {
    asked = answer;
  }

  public Response call(String tool, Json arguments) {
    return await(start(tool, arguments));
  }

  /// The text of a tool's result.
  public String text(String tool, Json arguments) {
    return text(call(tool, arguments));
  }

  public static String text(Response response) {
    return response
        .result()
        .flatMap(result -> result.member("content"))
        .flatMap(content -> content.elements().getFirst().textMember("text"))
        .orElseThrow(() -> new AssertionError("no text in " + response.toJson()));
  }

  /// The spelling of one member of the structured result of a tool without arguments.
  public String structured(String tool, String member) {
    var response = call(tool, Json.EMPTY_OBJECT);
    return response
        .result()
        .flatMap(result -> result.member("structuredContent"))
        .flatMap(content -> content.member(member))
        .orElseThrow(() -> new AssertionError("no " + member + " in " + response.toJson()))
        .toString();
  }

  /// Waits until a server's session got so many calls beside those that this makes to find out.
  ///
  /// @param counter the session's own count of calls, as a tool
  public void awaitCalls(String counter, int others) {
    var own = new AtomicInteger();
    Awaitility.await()
        .until(
            () -> Integer.parseInt(structured(counter, "calls")) - own.incrementAndGet() == others);
  }

  public CompletableFuture<Response> start(String tool, Json arguments) {
    return send("tools/call", Json.object("name", tool, "arguments", arguments));
  }

  public Response request(String method, Json params) {
    return await(send(method, params));
  }

  public CompletableFuture<Response> send(String method, Json params) {
    return send(Request.of(RequestId.of(ids.incrementAndGet()), method, params));
  }

  public CompletableFuture<Response> send(Request request) {
    var answer = new CompletableFuture<Response>();
    waiting.put(request.id().json(), answer);
    send((Message) request);
    return answer;
  }

  public void send(Message message) {
    sendRaw(new String(message.toBytes(), StandardCharsets.UTF_8));
  }

  public void sendRaw(String line) {
    synchronized (out) {
      try {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  public static Response await(CompletableFuture<Response> answer) {
    return answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  /// Waits for a notification that fits; those before it that do not are dropped.
  public Notification awaitNotification(Predicate<Notification> fits) {
    try {
      while (true) {
        var next = notifications.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
          throw new AssertionError("no such notification");
        }
        if (fits.test(next)) {
          return next;
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  public Notification awaitNotification(String method) {
    return awaitNotification(notification -> notification.method().equals(method));
  }

  /// Notifications that were not awaited yet.
  public LinkedBlockingQueue<Notification> notifications() {
    return notifications;
  }

  /// Answers to nothing that was asked.
  public int strays() {
    return strays.get();
  }

  private void read(InputStream in) {
    var reader = new LineReader(in, Integer.MAX_VALUE);
    try {
      for (var line = reader.next(); line != null; line = reader.next()) {
        take(Message.read(line, Limits.DEFAULT));
      }
    } catch (IOException | MalformedMessage end) {
      waiting.values().forEach(answer -> answer.completeExceptionally(end));
    }
  }

  private void take(Message message) {
    switch (message) {
      case Notification notification -> notifications.add(notification);
      case Request request -> Thread.ofVirtual().start(() -> send(asked.apply(request)));
      case Response response -> {
        var answer = response.id().map(id -> waiting.remove(id.json())).orElse(null);
        if (answer == null) {
          strays.incrementAndGet();
        } else {
          answer.complete(response);
        }
      }
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
