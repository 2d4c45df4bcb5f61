package io.watchgate.agents;

import io.watchgate.agents.Execution.Terms;
import io.watchgate.agents.Refusal.Kind;
import io.watchgate.agents.Toolbox.Around;
import io.watchgate.agents.models.Model;
import io.watchgate.agents.models.ModelSettings;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Overloaded;
import io.watchgate.flow.Time;
import io.watchgate.flow.Witness;
import io.watchgate.resilience.ConcurrencyLimit;
import io.watchgate.resilience.ConcurrencySettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All agents: lets executions begin as far as the limits go, and knows those that run.
public final class Agents implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Agents.class);
  private static final int MAX_REPOSITORY = 256;

  private final AgentsSettings settings;
  private final Surroundings surroundings;
  private final Around around;
  private final Map<String, Model> models = new HashMap<>();
  private final ConcurrencyLimit limit;
  private final Budget executions;
  private final Budget tokens;
  private final KeptResults kept;
  private final Jobs jobs = new Jobs();
  private final Map<String, AgentSession> readers = new ConcurrentHashMap<>();

  /// What agents take from outside.
  ///
  /// @param random what nobody can guess
  /// @param witness hears what agents may not do
  public record Surroundings(Doorway doorway, Time time, RandomGenerator random, Witness witness) {}

  /// @param maker makes models out of their settings
  public Agents(
      AgentsSettings settings, Surroundings surroundings, Function<ModelSettings, Model> maker) {
    this.settings = settings;
    this.surroundings = surroundings;
    var time = surroundings.time;
    this.around = new Around(surroundings.doorway, new ToolShelf(), time, surroundings.witness);
    settings.models().forEach((name, model) -> models.put(name, maker.apply(model)));
    var limits = settings.limits();
    this.limit =
        ConcurrencyLimit.fixed(
            "agents",
            new ConcurrencySettings(limits.executions(), limits.queue(), limits.queueTimeout()),
            time);
    this.executions = new Budget(limits.executionsAMinute(), time);
    this.tokens = new Budget(limits.tokensAMinute(), time);
    this.kept = new KeptResults(time);
  }

  /// The types that there are.
  public List<AgentType> types() {
    return List.copyOf(settings.types().values());
  }

  /// How the model of a type is called in the configuration.
  public String modelOf(AgentType type) {
    return settings.model(type).name();
  }

  /// Begins an execution; waits for its turn where that is allowed.
  ///
  /// @throws Refusal when it may not begin
  public Job start(Order order, Progress progress) throws Refusal, InterruptedException {
    var type = type(order);
    checkBudgets(order.principal(), 0);
    var reader = readers.computeIfAbsent(order.principal(), AgentSession::reader);
    var place = place(reader);
    try {
      checkBudgets(order.principal(), 1);
    } catch (Refusal refusal) {
      place.close();
      throw refusal;
    }
    while (true) {
      var name = newId(type);
      var execution = new Execution(name, type, order, terms(type), around, progress);
      var job = new Job(name, order, () -> work(execution, order, reader), place::close);
      if (jobs.add(job)) {
        progress.began(name);
        job.start();
        return job;
      }
    }
  }

  private AgentType type(Order order) throws Refusal {
    var type = settings.types().get(order.type());
    if (type == null) {
      var known = String.join(", ", settings.types().keySet());
      throw new Refusal(
          Kind.UNKNOWN_TYPE,
          "there is no agent type \"%s\" (known: %s)".formatted(Names.shown(order.type()), known));
    }
    if (order.query().isBlank()) {
      throw new Refusal(Kind.INVALID, "user_query is empty");
    }
    int bytes = order.query().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > settings.limits().queryBytes()) {
      throw new Refusal(
          Kind.TOO_LARGE,
          "user_query has %d bytes, the limit is %d (agents.limits.max_query_bytes)"
              .formatted(bytes, settings.limits().queryBytes()));
    }
    if (order.repository().length() > MAX_REPOSITORY) {
      throw new Refusal(
          Kind.TOO_LARGE,
          "repository_name has %d characters, the limit is %d"
              .formatted(order.repository().length(), MAX_REPOSITORY));
    }
    return type;
  }

  private void checkBudgets(String principal, int executionsToSpend) throws Refusal {
    var limits = settings.limits();
    var waitForTokens = tokens.spend(principal, 0);
    if (waitForTokens.isPresent()) {
      var most = "%d tokens a minute are used up".formatted(limits.tokensAMinute());
      throw limited(most, waitForTokens.get());
    }
    var waitForTurn = executions.spend(principal, executionsToSpend);
    if (waitForTurn.isPresent()) {
      var most = "%d executions a minute are used up".formatted(limits.executionsAMinute());
      throw limited(most, waitForTurn.get());
    }
  }

  private static Refusal limited(String what, Duration retryAfter) {
    return new Refusal(
        Kind.RATE_LIMITED,
        "%s; try again in %d ms".formatted(what, retryAfter.toMillis()),
        Optional.of(retryAfter));
  }

  private ConcurrencyLimit.Place place(AgentSession reader) throws Refusal, InterruptedException {
    try {
      return limit.take(reader, Deadline.NEVER);
    } catch (Rejection rejection) {
      if (!(rejection.reason() instanceof Overloaded overloaded)) {
        throw rejection;
      }
      throw new Refusal(
          Kind.OVERLOADED,
          "%d executions are at work, the limit is %d; try again in %d ms"
              .formatted(
                  overloaded.inFlight(), overloaded.limit(), overloaded.retryAfter().toMillis()),
          Optional.of(overloaded.retryAfter()));
    }
  }

  private String newId(AgentType type) {
    return "%s_%08x".formatted(type.name(), surroundings.random.nextInt());
  }

  private Terms terms(AgentType type) {
    var model = Objects.requireNonNull(models.get(settings.model(type).name()));
    return new Terms(model, settings.limits().tokens(), kept);
  }

  private Result work(Execution execution, Order order, AgentSession reader) {
    Result result;
    try {
      result = execution.run(reader);
    } catch (RuntimeException fault) { // supervised edge: a fault of ours ends one execution only
      log.error("{} failed", execution.id(), fault);
      result = execution.failed("internal error in the gateway; its log has the details");
    }
    tokens.charge(order.principal(), result.tokens().all());
    return result;
  }

  /// An execution of a principal that runs, or ended not long ago.
  Optional<Job> find(String id, String principal) {
    return jobs.find(id, principal);
  }

  /// Executions at work.
  public int atWork() {
    return limit.inFlight();
  }

  /// Ends all executions, and waits until they have.
  @Override
  public void close() {
    var running = jobs.all();
    running.forEach(Job::cancel);
    try {
      for (var job : running) {
        var _ = job.await();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    readers.values().forEach(AgentSession::close);
    models.values().forEach(Model::close);
  }
}
