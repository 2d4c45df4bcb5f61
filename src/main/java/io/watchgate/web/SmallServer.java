package io.watchgate.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The JDK's HTTP server, for listeners that few ask. Answers each request on a virtual thread of
/// its own.
public final class SmallServer {
  static {
    // The JDK's server reads these once. Seconds after which a request that does not end is given
    // up, and no wait of the answer's body for the acknowledgement of its head, 40 ms.
    setUnlessSet("sun.net.httpserver.maxReqTime", "30");
    setUnlessSet("sun.net.httpserver.nodelay", "true");
  }

  private final String host;
  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  /// Where a listener is.
  ///
  /// @param name for people
  /// @param keys the section of the configuration that says where
  /// @param port 0 lets the system choose
  /// @param backlog connections that wait to be accepted
  public record Address(String name, String keys, String host, int port, int backlog) {}

  private SmallServer(String host, HttpServer server) {
    this.host = host;
    this.server = server;
  }

  /// Starts to listen.
  ///
  /// @throws IOException naming the address when it cannot be bound
  public static SmallServer start(Address address, HttpHandler handler) throws IOException {
    var small = new SmallServer(address.host, bind(address));
    small.server.createContext("/", handler);
    small.server.setExecutor(small.executor);
    small.server.start();
    return small;
  }

  private static HttpServer bind(Address address) throws IOException {
    try {
      return HttpServer.create(new InetSocketAddress(address.host, address.port), address.backlog);
    } catch (IOException | IllegalArgumentException cause) {
      throw new IOException(
          "the %s cannot bind %s:%d: %s (see %s.host and %s.port)"
              .formatted(
                  address.name,
                  address.host,
                  address.port,
                  cause.getMessage(),
                  address.keys,
                  address.keys),
          cause);
    }
  }

  /// Where it listens, with the port that the system chose when that was left to it.
  public String url() {
    return "http://%s:%d".formatted(HostCheck.bracketed(host), server.getAddress().getPort());
  }

  /// Sends an answer that is there as a whole, its head alone to who asks for that.
  public static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", type);
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /// Stops when all requests are answered, or some seconds are over.
  public void stop(int seconds) {
    server.stop(seconds);
    executor.shutdownNow();
    executor.close();
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
