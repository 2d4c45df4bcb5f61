package io.watchgate.testkit;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Pattern;

/// A collector of OpenTelemetry on a port of its own, which reads what it gets by the protocol's
/// own classes, and refuses what those do not understand.
public final class TestCollector implements AutoCloseable {
  private static final Pattern ID = Pattern.compile("\"(\\w*(?:trace|span|Span)Id)\":\"(\\w*)\"");

  private final HttpServer server;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final List<String> mistakes = new CopyOnWriteArrayList<>();
  private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<Received> news = new LinkedBlockingQueue<>();

  /// One request that was understood.
  ///
  /// @param headers with their names in lower case
  public record Received(String path, Map<String, String> headers, Message message) {}

  /// What it says to the next request.
  public record Answer(int status, Map<String, String> headers, String body) {}

  public TestCollector() throws IOException {
    this(0);
  }

  /// @param port to listen on, 0 for any free one
  public TestCollector(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
    server.createContext("/", this::serve);
    server.start();
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /// Has the next request answered like this; those after the last such answer are taken.
  public TestCollector answering(Answer... next) {
    answers.addAll(List.of(next));
    return this;
  }

  /// All that was taken.
  public List<Received> received() {
    return List.copyOf(received);
  }

  /// The next request that is taken.
  public Received next() throws InterruptedException {
    return news.take();
  }

  /// What the protocol's classes did not understand.
  public List<String> mistakes() {
    return List.copyOf(mistakes);
  }

  /// All spans that were taken.
  public List<Span> spans() {
    return received.stream()
        .map(Received::message)
        .filter(ExportTraceServiceRequest.class::isInstance)
        .map(ExportTraceServiceRequest.class::cast)
        .flatMap(request -> request.getResourceSpansList().stream())
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var answer = answers.poll();
      if (answer == null) {
        answer = take(exchange, path, body);
      }
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private Answer take(HttpExchange exchange, String path, String body) {
    try {
      var message = read(path, body);
      var headers = new TreeMap<String, String>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
      var taken = new Received(path, headers, message);
      received.add(taken);
      news.add(taken);
      return new Answer(200, Map.of("Content-Type", "application/json"), "{}");
    } catch (InvalidProtocolBufferException | IllegalArgumentException mistake) {
      mistakes.add(mistake.getMessage() + " in " + body);
      return new Answer(400, Map.of(), "");
    }
  }

  private static Message read(String path, String body) throws InvalidProtocolBufferException {
    var builder =
        switch (path) {
          case "/v1/traces" -> ExportTraceServiceRequest.newBuilder();
          case "/v1/metrics" -> ExportMetricsServiceRequest.newBuilder();
          case "/v1/logs" -> ExportLogsServiceRequest.newBuilder();
          default -> throw new IllegalArgumentException("no such path: " + path);
        };
    JsonFormat.parser().merge(withBytes(body), builder);
    return builder.build();
  }

  /// OTLP spells ids in hexadecimal where the mapping of protobuf has Base64.
  private static String withBytes(String body) {
    return ID.matcher(body)
        .replaceAll(id -> {
          var bytes = HexFormat.of().parseHex(id.group(2));
          return "\"" + id.group(1) + "\":\"" + Base64.getEncoder().encodeToString(bytes) + "\"";
        });
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
