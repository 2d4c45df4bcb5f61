package io.watchgate.agents;

import com.sun.net.httpserver.HttpExchange;
import io.watchgate.agents.Result.Status;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What can be asked of agents over HTTP, as `openapi.json` describes it.
final class AgentsApi {
  private static final Logger log = LoggerFactory.getLogger(AgentsApi.class);
  private static final String BASE = "/api/v1/";
  private static final String EXECUTIONS = BASE + "executions/";

  /// What a query may be spelled in: JSON takes up to six bytes for one.
  private static final int SPELLED = 6;

  /// What else is in a request for one execution, the name of a repository included.
  private static final int AROUND = 4096;

  private final Agents agents;
  private final Time time;
  private final int maxBytes;
  private final Json description;

  /// @param version of the program
  AgentsApi(Agents agents, Time time, int queryBytes, String version) {
    this.agents = agents;
    this.time = time;
    this.maxBytes = Math.min(Limits.DEFAULT.maxBytes(), queryBytes * SPELLED + AROUND);
    this.description = description(version);
  }

  private static Json description(String version) {
    try (var in = AgentsApi.class.getResourceAsStream("openapi.json")) {
      var bytes = Objects.requireNonNull(in, "the program is incomplete").readAllBytes();
      var json = Json.parse(bytes, Limits.DEFAULT);
      var info = json.member("info").orElseThrow();
      return json.with("info", info.with("version", Json.string(version)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedMessage e) {
      throw new IllegalStateException(e);
    }
  }

  /// Answers one request of somebody who may ask.
  void serve(HttpExchange exchange, String principal) throws IOException, InterruptedException {
    try {
      switch (exchange.getRequestURI().getPath()) {
        case BASE + "agents" -> only("GET", exchange, this::types);
        case BASE + "openapi.json" -> only("GET", exchange, () -> Answer.of(200, description));
        case BASE + "agents/execute" -> {
          if (isPost(exchange)) {
            execute(exchange, Orders.one(body(exchange), principal));
          }
        }
        case BASE + "agents/execute-parallel" -> {
          if (isPost(exchange)) {
            executeAll(exchange, Orders.several(body(exchange), principal));
          }
        }
        case String path when path.startsWith(EXECUTIONS) ->
            execution(exchange, path.substring(EXECUTIONS.length()), principal);
        case null, default ->
            Answer.error(404, "not_found", "see " + BASE + "openapi.json").send(exchange);
      }
    } catch (Refusal refusal) {
      Answer.of(refusal).send(exchange);
    }
  }

  /// Makes an answer.
  @FunctionalInterface
  private interface Making {
    Answer make();
  }

  private static void only(String method, HttpExchange exchange, Making making) throws IOException {
    if (exchange.getRequestMethod().equals(method)) {
      making.make().send(exchange);
    } else {
      notAllowed(exchange, method);
    }
  }

  private static void notAllowed(HttpExchange exchange, String allowed) throws IOException {
    exchange.getResponseHeaders().set("Allow", allowed);
    Answer.error(405, "method_not_allowed", "allowed: " + allowed).send(exchange);
  }

  private static boolean isPost(HttpExchange exchange) throws IOException {
    var type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (!exchange.getRequestMethod().equals("POST")) {
      notAllowed(exchange, "POST");
      return false;
    }
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      Answer.error(415, "unsupported_media_type", "Content-Type must be application/json")
          .send(exchange);
      return false;
    }
    return true;
  }

  private byte[] body(HttpExchange exchange) throws IOException, Refusal {
    var bytes = exchange.getRequestBody().readNBytes(maxBytes + 1);
    if (bytes.length > maxBytes) {
      throw new Refusal(Refusal.Kind.TOO_LARGE, "the body has more than " + maxBytes + " bytes");
    }
    return bytes;
  }

  private Answer types() {
    return Answer.of(
        200, Json.object("agents", Json.array(agents.types().stream().map(this::json).toList())));
  }

  private Json json(AgentType type) {
    return Json.object(
        "agent_type",
        type.name(),
        "description",
        type.description(),
        "model",
        agents.modelOf(type),
        "tools",
        Json.array(type.tools().stream().map(one -> Json.string(one.text())).toList()),
        "max_steps",
        type.maxSteps(),
        "timeout_ms",
        type.timeout().toMillis());
  }

  private void execute(HttpExchange exchange, Order order)
      throws IOException, Refusal, InterruptedException {
    if (!wantsEvents(exchange)) {
      var result = agents.start(order, Progress.NONE).awaitOrCancel();
      Answer.of(status(result.status()), result.toJson()).send(exchange);
      return;
    }
    var stream = new ProgressStream();
    var job = agents.start(order, stream.progress());
    job.whenEnded(result -> stream.end(result.toJson()));
    try {
      stream.write(exchange);
    } finally {
      job.cancel(); // nobody else can get at it who waits for it; does nothing once it ended
    }
  }

  private void executeAll(HttpExchange exchange, Orders.Several wanted)
      throws IOException, Refusal, InterruptedException {
    long began = time.nanos();
    if (!wantsEvents(exchange)) {
      var outcome = Party.run(agents, wanted, () -> Progress.NONE);
      if (outcome.refusal().isPresent()) {
        throw outcome.refusal().get();
      }
      Answer.of(200, outcome.toJson(since(began))).send(exchange);
      return;
    }
    var stream = new ProgressStream();
    var party =
        Thread.ofVirtual()
            .name("parallel executions")
            .start(() -> stream.end(ended(wanted, stream, began)));
    try {
      stream.write(exchange);
    } finally {
      party.interrupt();
    }
  }

  private Json ended(Orders.Several wanted, ProgressStream stream, long began) {
    try {
      return Party.run(agents, wanted, stream::progress).toJson(since(began));
    } catch (InterruptedException _) {
      log.debug("the client of parallel executions is gone");
      return Json.EMPTY_OBJECT;
    }
  }

  private Duration since(long began) {
    return Duration.ofNanos(time.nanos() - began);
  }

  private static boolean wantsEvents(HttpExchange exchange) {
    return exchange.getRequestHeaders().getOrDefault("Accept", List.of()).stream()
        .anyMatch(accepted -> accepted.toLowerCase(Locale.ROOT).contains("text/event-stream"));
  }

  /// A limit that was reached is no failure of the request; what failed behind the gateway is.
  private static int status(Status status) {
    return switch (status) {
      case FAILED -> 502;
      case TIMEOUT -> 504;
      case RUNNING, COMPLETED, MAX_STEPS, TOKEN_LIMIT, CANCELLED, REFUSED -> 200;
    };
  }

  private void execution(HttpExchange exchange, String id, String principal) throws IOException {
    if (!Set.of("GET", "DELETE").contains(exchange.getRequestMethod())) {
      notAllowed(exchange, "GET, DELETE");
      return;
    }
    var job = agents.find(id, principal);
    if (job.isEmpty()) {
      Answer.error(404, "not_found", "there is no such execution, or it ended long ago")
          .send(exchange);
      return;
    }
    if (exchange.getRequestMethod().equals("DELETE")) {
      job.get().cancel();
    }
    Answer.of(200, job.get().state().toJson()).send(exchange);
  }
}
