package io.watchgate.downstream;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Refusals;
import io.watchgate.flow.Seal;
import io.watchgate.flow.Time;
import io.watchgate.flow.Witness;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.testkit.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A listener with a stage behind `/mcp` and another behind `/mcp/files`.
final class HttpServer implements AutoCloseable {
  static final Limits LIMITS = new Limits(100_000, 16, 100_000);
  static final String JSON = "Content-Type: application/json";
  static final String ACCEPT = "Accept: application/json, text/event-stream";
  static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";

  final Stage stage = new Stage();
  final Stage files = new Stage();
  final HttpListener listener;
  final Terms terms;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  HttpServer() throws IOException, InterruptedException {
    this(HttpPace.DEFAULT, List.of());
  }

  HttpServer(HttpPace pace, List<String> tokens) throws IOException, InterruptedException {
    this(pace, tokens, terms(Seal.random()));
  }

  HttpServer(HttpPace pace, List<String> tokens, Terms terms)
      throws IOException, InterruptedException {
    this.terms = terms;
    var settings =
        new HttpSettings(
            "127.0.0.1",
            0,
            "/mcp",
            List.of("https://app.example"),
            List.of("gate.example"),
            tokens);
    var handlers = Map.<String, Handler>of("/mcp", stage, "/mcp/files", files);
    listener = new HttpListener(settings, handlers, terms, loops, pace);
  }

  static Terms terms(Seal seal) {
    return terms(seal, InstantSource.system());
  }

  static Terms terms(Seal seal, InstantSource clock) {
    var self = Json.object("name", "test");
    var refusals = new Refusals();
    return new Terms(
        LIMITS, self, Duration.ofSeconds(20), seal, clock, Time.REAL, refusals, Witness.NONE);
  }

  int port() {
    return listener.port();
  }

  RawHttp connect() throws IOException {
    return RawHttp.connect(port());
  }

  static String initialize(String version) {
    return """
    {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"%s",\
    "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}\
    """
        .formatted(version);
  }

  /// A request of JSON-RPC with parameters.
  static String call(Object id, String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"%s\",\"params\":%s}"
        .formatted(id, method, params);
  }

  /// Opens a session at a path and returns the header that names it.
  static String session(RawHttp http, String path, String... headers) throws IOException {
    return sessionAt("2025-11-25", http, path, headers);
  }

  /// Opens a session of a revision.
  static String sessionAt(String version, RawHttp http, String path, String... headers)
      throws IOException {
    var all = new java.util.ArrayList<>(List.of(JSON, ACCEPT));
    all.addAll(List.of(headers));
    http.request("POST", path, initialize(version), all.toArray(String[]::new));
    var answer = http.read();
    if (answer.status() != 200) {
      throw new AssertionError("initialize was answered with " + answer);
    }
    return "Mcp-Session-Id: " + answer.header("Mcp-Session-Id");
  }

  @Override
  public void close() {
    try {
      listener.drain(Duration.ofMillis(1));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
