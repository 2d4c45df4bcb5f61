package io.watchgate.agents;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.watchgate.agents.Guard.Turned;
import io.watchgate.flow.HostCheck;
import io.watchgate.flow.Refusals;
import io.watchgate.flow.Time;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The listener where agents are asked for. Answers each request on a virtual thread of its own.
public final class AgentsServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AgentsServer.class);
  private static final int BACKLOG = 256;
  private static final int DRAIN_SECONDS = 1;

  /// Requests at once; each holds a connection, most of them wait for an execution.
  private static final int MOST_REQUESTS = 1024;

  static {
    // The JDK's server reads these once; the other listener sets them, too.
    setUnlessSet("sun.net.httpserver.maxReqTime", "30");
    setUnlessSet("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final Guard guard;
  private final AgentsApi api;
  private final String host;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore room = new Semaphore(MOST_REQUESTS);

  /// On which terms it answers.
  ///
  /// @param principals by token, empty when nobody needs one
  /// @param refusals counts who is turned away
  /// @param version of the program
  public record Terms(
      Map<String, String> principals, Refusals refusals, Time time, String version) {}

  private AgentsServer(AgentsSettings settings, HttpServer server, Guard guard, AgentsApi api) {
    this.host = settings.host();
    this.server = server;
    this.guard = guard;
    this.api = api;
  }

  /// Starts to listen.
  ///
  /// @throws IOException naming the address when it cannot be bound
  public static AgentsServer start(AgentsSettings settings, Agents agents, Terms terms)
      throws IOException {
    var hosts = new HostCheck(settings.host());
    var guard = new Guard(hosts, Map.copyOf(terms.principals), terms.refusals);
    var api = new AgentsApi(agents, terms.time, settings.limits().queryBytes(), terms.version);
    var listener = new AgentsServer(settings, bind(settings), guard, api);
    listener.server.createContext("/", listener::serve);
    listener.server.setExecutor(listener.executor);
    listener.server.start();
    log.info("agents at {}", listener.url());
    return listener;
  }

  private static HttpServer bind(AgentsSettings settings) throws IOException {
    try {
      return HttpServer.create(new InetSocketAddress(settings.host(), settings.port()), BACKLOG);
    } catch (IOException | IllegalArgumentException cause) {
      throw new IOException(
          "the listener for agents cannot bind %s:%d: %s (see agents.host and agents.port)"
              .formatted(settings.host(), settings.port(), cause.getMessage()),
          cause);
    }
  }

  /// Where it listens, with the port that the system chose when the settings left it to it.
  public String url() {
    return "http://%s:%d".formatted(HostCheck.bracketed(host), server.getAddress().getPort());
  }

  private void serve(HttpExchange exchange) throws IOException {
    boolean admitted = room.tryAcquire();
    try (exchange) {
      if (admitted) {
        answer(exchange);
      } else {
        var why = MOST_REQUESTS + " requests are being answered";
        Answer.error(503, "overloaded", why).send(exchange);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      room.release(admitted ? 1 : 0);
    }
  }

  private void answer(HttpExchange exchange) throws IOException, InterruptedException {
    try {
      api.serve(exchange, guard.admit(exchange));
    } catch (Turned turned) {
      Answer.error(turned.status(), turned.reason(), String.valueOf(turned.getMessage()))
          .send(exchange);
    } catch (RuntimeException fault) { // supervised edge: a fault of ours ends one request only
      log.error("{} failed", exchange.getRequestURI(), fault);
      Answer.error(500, "internal", "internal error in the gateway; its log has the details")
          .send(exchange);
    }
  }

  /// Stops, once what can be answered is.
  @Override
  public void close() {
    server.stop(DRAIN_SECONDS);
    executor.shutdownNow();
    executor.close();
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
