package io.watchgate.upstream;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.watchgate.flow.Call;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.RescueLayer;
import io.watchgate.flow.Server;
import io.watchgate.flow.ServerEvents;
import io.watchgate.flow.Session;
import io.watchgate.flow.Time;
import io.watchgate.flow.Witness;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Era;
import io.watchgate.mcp.ProtocolVersion;
import io.watchgate.testkit.RecordingSession;
import io.watchgate.testkit.TurnedTime;
import io.watchgate.upstream.UpstreamSettings.CircuitBreaker;
import io.watchgate.upstream.UpstreamSettings.Command;
import io.watchgate.upstream.UpstreamSettings.Pool;
import io.watchgate.upstream.UpstreamSettings.Remote;
import io.watchgate.upstream.UpstreamSettings.Restart;
import io.watchgate.upstream.UpstreamSettings.Retry;
import io.watchgate.upstream.UpstreamSettings.SessionScope;
import io.watchgate.upstream.UpstreamSettings.Target;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A remote server as the gateway reaches it, and one client of it.
final class RemoteContext implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final TurnedTime time = TurnedTime.running();
  private final RecordingSession client = new RecordingSession("client");
  private final Upstream upstream;

  RemoteContext(URI url) throws IOException {
    this(url, Wire.STREAMABLE_HTTP, Map.of(), Duration.ofSeconds(5));
  }

  RemoteContext(URI url, Wire wire, Map<String, String> headers, Duration connectionTimeout)
      throws IOException {
    this(new Remote(url, headers, wire), connectionTimeout, PATIENCE);
  }

  /// @param requestTimeout longest silence of a call
  RemoteContext(Target target, Duration connectionTimeout, Duration requestTimeout)
      throws IOException {
    this(target, connectionTimeout, requestTimeout, Pool.DEFAULT);
  }

  private RemoteContext(
      Target target, Duration connectionTimeout, Duration requestTimeout, Pool pool)
      throws IOException {
    var restart = new Restart(1_000, Duration.ofMillis(20), Duration.ofMillis(50));
    var settings =
        new UpstreamSettings(
            "web",
            "",
            true,
            target,
            SessionScope.PER_CLIENT,
            1_000,
            requestTimeout,
            connectionTimeout,
            restart,
            pool,
            Retry.DEFAULT,
            CircuitBreaker.DEFAULT);
    var self = Json.object("name", "watchgate", "version", "0");
    var terms = new Upstream.Terms(Limits.DEFAULT, self, time, Witness.NONE);
    upstream = new Upstream(settings, terms, new Events(), Transports.real(() -> loops));
  }

  /// A remote server and a stateless client of it.
  static RemoteContext stateless(URI url) throws IOException {
    return new RemoteContext(url).stateless();
  }

  /// A remote server whose sessions are limited in another way.
  static RemoteContext pooled(URI url, Wire wire, Pool pool) throws IOException {
    return new RemoteContext(
        new Remote(url, Map.of(), wire), Duration.ofSeconds(20), PATIENCE, pool);
  }

  /// A child process in place of a remote server.
  static RemoteContext child(List<String> command, Duration connectionTimeout) throws IOException {
    return child(command, connectionTimeout, Pool.DEFAULT);
  }

  static RemoteContext child(List<String> command, Duration connectionTimeout, Pool pool)
      throws IOException {
    var target = new Command(command, Map.of(), false, Path.of("").toAbsolutePath());
    return new RemoteContext(target, connectionTimeout, PATIENCE, pool);
  }

  RemoteContext stateless() {
    client.speaking(ProtocolVersion.NEWEST_STATELESS);
    return this;
  }

  /// Turns the clock of the gateway forward.
  void turn(Duration by) {
    time.turn(by);
  }

  RecordingSession client() {
    return client;
  }

  Upstream upstream() {
    return upstream;
  }

  /// The next list change or broadcast.
  String event() throws InterruptedException {
    return String.valueOf(events.poll(10, TimeUnit.SECONDS));
  }

  Call call(String method, String params) {
    return call(client, method, params);
  }

  static Call call(Session client, String method, String params) {
    return new Call(Request.of(RequestId.of(7), method, Json.trusted(params)), client)
        .with(Deadline.after(PATIENCE, Time.REAL));
  }

  /// What a server is spoken to in for a client; null when it cannot be reached.
  @Nullable Era era(Session session) throws InterruptedException {
    try {
      return upstream.era(session, Deadline.after(PATIENCE, Time.REAL));
    } catch (Rejection _) {
      return null;
    }
  }

  Response send(String method, String params) throws InterruptedException {
    return send(call(method, params));
  }

  /// The answer as a client would get it.
  Response send(Call call) throws InterruptedException {
    try {
      return upstream.handle(call).response();
    } catch (Rejection rejection) {
      return RescueLayer.answer(call.request().id(), rejection, call.client().session().version());
    }
  }

  Response tool(String name, String arguments) throws InterruptedException {
    return send("tools/call", "{\"name\":\"%s\",\"arguments\":%s}".formatted(name, arguments));
  }

  /// The text of a tool's result, or the message of an error.
  String text(String tool, String arguments) throws InterruptedException {
    return text(tool(tool, arguments));
  }

  static String text(Response answer) {
    return answer
        .result()
        .flatMap(result -> result.member("content"))
        .map(Json::elements)
        .filter(elements -> !elements.isEmpty())
        .flatMap(elements -> elements.getFirst().textMember("text"))
        .orElse(answer.errorMessage());
  }

  @Override
  public void close() {
    upstream.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private final class Events implements ServerEvents {
    @Override
    public void broadcast(Server server, Notification notification) {
      events.add("broadcast " + notification.method());
    }

    @Override
    public void listChanged(Server server, Notification notification, Session owner) {
      events.add(notification.method() + " for " + owner.key());
    }

    @Override
    public void reached(Server server, Session owner) {
      // the tests ask for what they want to see
    }
  }

  /// The messages of a streamable server that knows one tool and answers in JSON.
  static String answer(String request) {
    return RawServer.response(200, "application/json", result(request));
  }

  static String result(String request) {
    var id = request.replaceFirst("(?s).*\"id\":(\\d+).*", "$1");
    var result =
        request.contains("\"initialize\"")
            ? "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{}}}"
            : "{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}";
    return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}".formatted(id, result);
  }

  /// A server that answers everything but calls of tools as it should.
  static RawServer server(RawServer.Script onCall, List<String> calls) throws IOException {
    return RawServer.start(peer -> {
      for (var got = peer.readRequest(); !got.isEmpty(); got = peer.readRequest()) {
        if (got.contains("tools/call")) {
          calls.add(got);
          onCall.serve(peer);
        } else if (got.startsWith("POST") && got.contains("\"id\"")) {
          peer.write(answer(got));
        } else {
          int status = got.startsWith("GET") ? 405 : 202;
          peer.write(RawServer.response(status, "text/plain", ""));
        }
      }
    });
  }
}
