package io.watchgate.middleware;

import io.watchgate.jsonrpc.Json;
import io.watchgate.mcp.Method;
import io.watchgate.middleware.WaitingCalls.Decision;
import io.watchgate.middleware.WaitingCalls.Waiting;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Exchange;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.Metric;
import io.watchgate.plugin.Moment;
import io.watchgate.plugin.Options;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLongArray;

/// Has calls wait for a person: for the one at the client, who is asked, or the one who runs the
/// gateway, by `watchgate approvals`. Nobody's word is a denial.
final class Approval implements Plugin {
  private static final Duration LOOK = Duration.ofMillis(250);

  private static final int MOST_REMEMBERED = 10_000;
  private static final int MOST_SHOWN = 2_000;
  private static final int MOST_KEPT = 64_000;

  private final Settings settings;
  private final Home home;
  private final WaitingCalls calls;
  private final Destructive destructive;
  private final Semaphore places;
  private final Map<Remembered, Decision> decided = new LinkedHashMap<>(16, 0.75f, true);
  private final AtomicLongArray counts = new AtomicLongArray(Outcome.values().length);

  private Approval(Settings settings, Home home, WaitingCalls calls) {
    this.settings = settings;
    this.home = home;
    this.calls = calls;
    this.destructive = new Destructive(settings.destructive);
    this.places = new Semaphore(settings.maxWaiting);
  }

  static Approval open(Settings settings, Home home) throws IOException {
    var calls = new WaitingCalls(home.state());
    if (settings.by != By.CLIENT) {
      calls.open(home.clock().instant());
    }
    return new Approval(settings, home, calls);
  }

  /// @param destructive which tools wait beside those that are named
  /// @param timeout how long a person may take
  record Settings(
      ToolNames tools,
      ToolNames except,
      Destructive.Kind destructive,
      By by,
      Duration timeout,
      Remember remember,
      int maxWaiting) {
    private static final Duration LONGEST = Duration.ofHours(1);

    static Settings read(Options options) {
      var timeout = options.duration("timeout", Duration.ofSeconds(50));
      if (timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
        options.problem("timeout", "has to be longer than 0 and at most 1 h");
      }
      return new Settings(
          ToolNames.read(options, "tools"),
          ToolNames.read(options, "except"),
          options.choice("destructive", Destructive.Kind.HINTED),
          options.choice("by", By.ANYONE),
          timeout,
          options.choice("remember", Remember.NEVER),
          options.integer("max_waiting", 1, 1000, 100));
    }
  }

  /// Who decides.
  enum By {
    CLIENT,
    COMMAND,
    /// The client where it can be asked, the command line otherwise.
    ANYONE
  }

  /// How long a decision counts.
  enum Remember {
    NEVER,
    SESSION
  }

  /// What waiting came to.
  private enum Outcome {
    APPROVED,
    DENIED,
    EXPIRED;

    static Outcome of(Optional<Decision> decision) {
      return decision.map(made -> made == Decision.APPROVED ? APPROVED : DENIED).orElse(EXPIRED);
    }

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private record Remembered(String session, String server, String tool) {}

  @Override
  public Set<Moment> moments() {
    return EnumSet.of(Moment.REQUEST, Moment.RESPONSE);
  }

  @Override
  public Verdict onResponse(Exchange exchange, Content answer) {
    if (exchange.method().equals(Method.TOOLS_LIST) && answer.kind() == Content.Kind.RESULT) {
      destructive.learn(exchange.server(), answer.json());
    }
    return Verdict.PASS;
  }

  @Override
  public Verdict onRequest(Exchange exchange, Content params) throws InterruptedException {
    var tool = exchange.name().orElse("");
    if (!exchange.method().equals(Method.TOOLS_CALL) || !isMeant(exchange.server(), tool)) {
      return Verdict.PASS;
    }
    var key = new Remembered(exchange.caller().session(), exchange.server(), tool);
    var before = remembered(key);
    if (before.isPresent()) {
      return verdict(tool, before);
    }
    if (!places.tryAcquire()) {
      return new Verdict.Block(
          settings.maxWaiting + " calls wait for approval already: try again later");
    }
    try {
      return verdict(tool, decide(exchange, params.json(), key));
    } catch (IOException failure) {
      throw new UncheckedIOException("no call can wait for approval: " + failure, failure);
    } finally {
      places.release();
    }
  }

  private boolean isMeant(String server, String tool) {
    return (settings.tools.has(tool) || destructive.has(server, tool))
        && !settings.except.has(tool);
  }

  private Optional<Decision> decide(Exchange exchange, Json params, Remembered key)
      throws InterruptedException, IOException {
    var until = home.clock().instant().plus(settings.timeout);
    var arguments = params.member("arguments").orElse(Json.EMPTY_OBJECT).toString();
    Optional<Decision> decision =
        settings.by == By.COMMAND ? Optional.empty() : askClient(exchange, arguments);
    if (decision.isEmpty() && settings.by != By.CLIENT) {
      decision = askOperator(exchange, arguments, until);
    }
    counts.incrementAndGet(Outcome.of(decision).ordinal());
    if (settings.remember == Remember.SESSION) {
      decision.ifPresent(made -> remember(key, made));
    }
    return decision;
  }

  /// To decline and to close the question both mean no.
  private Optional<Decision> askClient(Exchange exchange, String arguments)
      throws InterruptedException {
    var scope =
        settings.remember == Remember.SESSION
            ? "\nThe answer counts for this tool until the session ends."
            : "";
    var message =
        "May %s of the server %s be called with these arguments?%n%s%s"
            .formatted(
                Printable.of(exchange.name().orElse(""), MOST_SHOWN),
                exchange.server(),
                Printable.of(arguments, MOST_SHOWN),
                scope);
    var form = Json.object("type", "object", "properties", Json.EMPTY_OBJECT);
    return exchange
        .ask(
            Method.ELICIT,
            Json.object("message", message, "requestedSchema", form),
            settings.timeout)
        .map(answer -> answer.textMember("action").orElse(""))
        .map(action -> action.equals("accept") ? Decision.APPROVED : Decision.DENIED);
  }

  private Optional<Decision> askOperator(Exchange exchange, String arguments, Instant until)
      throws InterruptedException, IOException {
    if (!home.clock().instant().isBefore(until)) {
      return Optional.empty();
    }
    var id = list(exchange, arguments, until);
    try {
      for (var left = left(until); left.isPositive(); left = left(until)) {
        var decision = calls.decision(id);
        if (decision.isPresent()) {
          return decision;
        }
        home.pause().pass(left.compareTo(LOOK) < 0 ? left : LOOK);
      }
      return calls.withdraw(id);
    } finally {
      calls.remove(id);
    }
  }

  private Duration left(Instant until) {
    return Duration.between(home.clock().instant(), until);
  }

  private String list(Exchange exchange, String arguments, Instant until) throws IOException {
    while (true) {
      var call =
          new Waiting(
              WaitingCalls.newId(home.random()),
              home.clock().instant(),
              until,
              exchange.server(),
              exchange.name().orElse(""),
              exchange.caller().principal(),
              exchange.caller().client(),
              Printable.of(arguments, MOST_KEPT));
      try {
        calls.add(call);
        return call.id();
      } catch (FileAlreadyExistsException _) {
        // another call has that name: draw again
      }
    }
  }

  private Verdict verdict(String tool, Optional<Decision> decision) {
    if (decision.isEmpty()) {
      return new Verdict.Block(
          "nobody approved the call of %s within %d s"
              .formatted(tool, settings.timeout.toSeconds()));
    }
    return switch (decision.get()) {
      case APPROVED -> new Verdict.Pass("approved by a person");
      case DENIED -> new Verdict.Block("a person denied the call of " + tool);
    };
  }

  private synchronized Optional<Decision> remembered(Remembered key) {
    return Optional.ofNullable(decided.get(key));
  }

  private synchronized void remember(Remembered key, Decision decision) {
    decided.put(key, decision);
    if (decided.size() > MOST_REMEMBERED) {
      decided.remove(decided.keySet().iterator().next());
    }
  }

  private int waiting() {
    return settings.maxWaiting - places.availablePermits();
  }

  @Override
  public Json status() {
    var status = Json.object("waiting", waiting());
    for (var outcome : Outcome.values()) {
      long count = counts.get(outcome.ordinal());
      status = status.plus(outcome.key(), Json.trusted(Long.toString(count)));
    }
    return status;
  }

  @Override
  public List<Metric> metrics() {
    var metrics = new ArrayList<Metric>();
    metrics.add(
        new Metric("approval_waiting", "Calls that wait for a person.", Map.of(), waiting()));
    for (var outcome : Outcome.values()) {
      metrics.add(
          new Metric(
              "approval_decisions_total",
              "Calls that a person approved or denied, or that nobody decided in time.",
              Map.of("outcome", outcome.key()),
              counts.get(outcome.ordinal())));
    }
    return metrics;
  }
}
