package io.watchgate.agents;

import com.sun.net.httpserver.HttpExchange;
import io.watchgate.agents.Guard.Turned;
import io.watchgate.flow.Refusals;
import io.watchgate.flow.Time;
import io.watchgate.web.BearerTokens;
import io.watchgate.web.HostCheck;
import io.watchgate.web.SmallServer;
import java.io.IOException;
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

  private final Guard guard;
  private final AgentsApi api;
  private final SmallServer server;
  private final Semaphore room = new Semaphore(MOST_REQUESTS);

  /// On which terms it answers.
  ///
  /// @param tokens by which it is told who asks
  /// @param refusals counts who is turned away
  /// @param version of the program
  public record Terms(BearerTokens tokens, Refusals refusals, Time time, String version) {}

  private AgentsServer(AgentsSettings settings, Guard guard, AgentsApi api) throws IOException {
    this.guard = guard;
    this.api = api;
    var address =
        new SmallServer.Address(
            "listener for agents", "agents", settings.host(), settings.port(), BACKLOG);
    this.server = SmallServer.start(address, this::serve);
  }

  /// Starts to listen.
  ///
  /// @throws IOException naming the address when it cannot be bound
  public static AgentsServer start(AgentsSettings settings, Agents agents, Terms terms)
      throws IOException {
    var guard = new Guard(new HostCheck(settings.host()), terms.tokens, terms.refusals);
    var api = new AgentsApi(agents, terms.time, settings.limits().queryBytes(), terms.version);
    var listener = new AgentsServer(settings, guard, api);
    log.info("agents at {}", listener.url());
    return listener;
  }

  /// Where it listens, with the port that the system chose when the settings left it to it.
  public String url() {
    return server.url();
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
  }
}
