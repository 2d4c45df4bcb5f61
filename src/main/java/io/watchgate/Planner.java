package io.watchgate;

import io.watchgate.audit.AuditLayer;
import io.watchgate.audit.Scribe;
import io.watchgate.config.GatewayConfig;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Layer;
import io.watchgate.flow.Occurrence.ServerChanged;
import io.watchgate.flow.Refusals;
import io.watchgate.flow.RescueLayer;
import io.watchgate.flow.Seal;
import io.watchgate.flow.Witness;
import io.watchgate.hosting.Plugins;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.plugin.Home;
import io.watchgate.resilience.Backoff;
import io.watchgate.resilience.CircuitBreaker;
import io.watchgate.resilience.CircuitBreakerLayer;
import io.watchgate.resilience.CircuitEvents;
import io.watchgate.resilience.ConcurrencyLimit;
import io.watchgate.resilience.ConcurrencyLimitLayer;
import io.watchgate.resilience.ConcurrencySettings;
import io.watchgate.resilience.DeadlineLayer;
import io.watchgate.resilience.Lending;
import io.watchgate.resilience.RetryBudget;
import io.watchgate.resilience.RetryLayer;
import io.watchgate.routing.Router;
import io.watchgate.routing.Switchboard;
import io.watchgate.routing.Switchboard.Place;
import io.watchgate.telemetry.AttemptLayer;
import io.watchgate.telemetry.CallMetricsLayer;
import io.watchgate.telemetry.CallStatistics;
import io.watchgate.telemetry.Telemetry;
import io.watchgate.telemetry.TelemetryLayer;
import io.watchgate.telemetry.TracingLayer;
import io.watchgate.translation.TranslationLayer;
import io.watchgate.upstream.SessionKeyLayer;
import io.watchgate.upstream.Upstream;
import io.watchgate.upstream.UpstreamSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Makes plans out of configurations: the whole gateway on one page. Read a stack down for the call
/// and up for the reply.
///
/// @param outermost a layer that sees everything
/// @param seal seals what clients carry for the gateway
/// @param refusals counts what they carry all the same
/// @param switchboard hears what servers say outside of calls
/// @param ids names calls, the same in no other log
/// @param witness hears what passes beside the calls of clients
/// @param telemetry counts how calls ended
/// @param lending keeps a server that hangs from taking all places
record Planner(
    Layer outermost,
    Seal seal,
    Refusals refusals,
    Switchboard switchboard,
    Supplier<String> ids,
    Witness witness,
    Telemetry telemetry,
    Lending lending,
    Surroundings surroundings) {
  private static final Layer NOTHING = inner -> inner;

  /// The plan for a configuration.
  ///
  /// @param known branches that go on where the configuration still asks for them
  /// @param before plugins that go on likewise
  /// @throws IOException when a server or a plugin cannot be set up
  Plan plan(GatewayConfig config, ConcurrencyLimit limit, List<Branch> known, Plugins before)
      throws IOException {
    var enabled = config.upstreams().stream().filter(UpstreamSettings::enabled).toList();
    var branches = new ArrayList<Branch>();
    for (var settings : enabled) {
      branches.add(branch(settings, config, known));
    }
    var names = branches.stream().map(Branch::name).toList();
    var plugins = before.next(config.plugins(), names, around());
    var places = new ArrayList<Place>();
    for (int i = 0; i < branches.size(); i++) {
      places.add(branches.get(i).place(enabled.get(i).prefix(), plugins.policy(names.get(i))));
    }
    lending.shareAmong(limit, branches.stream().map(Branch::limit).toList());
    var routers = new LinkedHashMap<String, Router>();
    routers.put("", switchboard.router("", config.separator(), places));
    for (var branch : branches) {
      var name = "/" + branch.name();
      var alone = List.of(branch.place("", plugins.policy(branch.name())));
      routers.put(name, switchboard.router(name, config.separator(), alone));
    }
    var endpoints = new LinkedHashMap<String, Handler>();
    var audit = audit(plugins);
    routers.forEach((name, router) -> endpoints.put(name, gateway(config, audit, limit, router)));
    return new Plan(config, limit, branches, routers, endpoints, plugins);
  }

  private Plugins.Around around() {
    var home =
        new Home(
            surroundings.state(),
            surroundings.clock(),
            surroundings.time()::pass,
            surroundings.random(),
            switchboard::judgedAnew,
            (_, _, _, _) -> {}); // each plugin gets its own
    return new Plugins.Around(home, surroundings.time(), ids, witness);
  }

  /// Has calls recorded, where anybody wants that.
  private Layer audit(Plugins plugins) {
    var scribe = new Scribe(surroundings.clock(), surroundings.time(), ids);
    return plugins
        .recorder()
        .<Layer>map(recorder -> new AuditLayer(recorder, scribe))
        .orElse(NOTHING);
  }

  /// What every call goes through.
  private Handler gateway(
      GatewayConfig config, Layer audit, ConcurrencyLimit limit, Router target) {
    var tracing = telemetry.tracer().<Layer>map(tracer -> new TracingLayer(tracer, ids));
    return Layer.stack(
        List.of(
            outermost,
            tracing.orElse(NOTHING), // has all else in the span of the call
            new CallMetricsLayer(telemetry.calls(), surroundings.time()), // what clients see
            audit, // nothing returns around it
            new RescueLayer(), // a rejection is a reply too
            new DeadlineLayer(config.maxRequestTimeout(), surroundings.time()), // bounds all below
            new ConcurrencyLimitLayer(limit)), // before any work is done
        target);
  }

  /// The branch for these settings, that of before where it is the same.
  private Branch branch(UpstreamSettings settings, GatewayConfig config, List<Branch> known)
      throws IOException {
    var before = known.stream().filter(one -> one.name().equals(settings.name())).findFirst();
    var same = before.filter(one -> one.isFor(settings, config.adaptiveLimits()));
    return same.isPresent() ? same.get() : server(settings, config, before);
  }

  /// What every call to one server goes through.
  ///
  /// @param before the server in whose place this one comes
  private Branch server(UpstreamSettings settings, GatewayConfig config, Optional<Branch> before)
      throws IOException {
    var breaker = circuitBreaker(settings);
    var budget = new RetryBudget(settings.retry().budget(), surroundings.time());
    var counted = new CallStatistics();
    var upstream = upstream(settings, config.limits(), breaker);
    var limit = limit(settings, config.adaptiveLimits());
    var translation =
        before
            .map(branch -> branch.translation().successor(upstream))
            .orElseGet(() -> translation(upstream));
    var stack =
        Layer.stack(
            List.of(
                new TelemetryLayer(
                    counted, surroundings.time()), // counts refusals too, and a call once
                retries(settings, budget), // around what each attempt goes through
                attempts(settings.name()), // a span each
                new CircuitBreakerLayer(breaker), // refuses before anything waits, hears each try
                lending.before(limit), // one that hangs must not take all places
                new ConcurrencyLimitLayer(limit), // no more than it can do
                new SessionKeyLayer(), // whose session it is, before the era is chosen
                translation), // each side in its own era
            upstream);
    return new Branch(upstream, stack, limit, breaker, budget, counted, translation);
  }

  private Upstream upstream(UpstreamSettings settings, Limits limits, CircuitBreaker breaker)
      throws IOException {
    var terms = new Upstream.Terms(limits, Version.self(), surroundings.time(), witness);
    var events = new CircuitEvents(breaker, switchboard);
    var upstream = new Upstream(settings, terms, events, surroundings.wiring());
    var name = settings.name();
    breaker.onOpened(cause -> witness.saw(new ServerChanged(name, "upstream/left_alone", cause)));
    breaker.onClosed(() -> {
      witness.saw(new ServerChanged(name, "upstream/recovered", ""));
      switchboard.recovered(upstream);
    });
    return upstream;
  }

  private CircuitBreaker circuitBreaker(UpstreamSettings settings) {
    var terms = settings.circuitBreaker();
    return new CircuitBreaker(
        settings.name(),
        terms.failureThreshold(),
        terms.recoveryTimeout(),
        terms.halfOpenRequests(),
        surroundings.time());
  }

  private RetryLayer retries(UpstreamSettings settings, RetryBudget budget) {
    var terms = settings.retry();
    var backoff =
        new Backoff(terms.backoff(), terms.maxBackoff(), terms.jitter(), surroundings.random());
    return new RetryLayer(terms.maxAttempts(), backoff, budget, surroundings.time());
  }

  private Layer attempts(String server) {
    return telemetry.tracer().<Layer>map(_ -> new AttemptLayer(server)).orElse(NOTHING);
  }

  private TranslationLayer translation(Upstream upstream) {
    return new TranslationLayer(
        upstream, Version.self(), seal, refusals, surroundings.time(), surroundings.clock());
  }

  private ConcurrencyLimit limit(UpstreamSettings settings, boolean isAdaptive) {
    var most = new ConcurrencySettings(settings.maxConcurrentRequests(), 0, Duration.ZERO);
    return isAdaptive
        ? ConcurrencyLimit.adaptive(settings.name(), most, surroundings.time())
        : ConcurrencyLimit.fixed(settings.name(), most, surroundings.time());
  }
}
