package io.watchgate;

import io.netty.channel.EventLoopGroup;
import io.watchgate.config.GatewayConfig;
import io.watchgate.downstream.Terms;
import io.watchgate.flow.CircuitState;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Layer;
import io.watchgate.flow.Refusals;
import io.watchgate.flow.RescueLayer;
import io.watchgate.flow.Seal;
import io.watchgate.flow.Session;
import io.watchgate.flow.Time;
import io.watchgate.resilience.Backoff;
import io.watchgate.resilience.CircuitBreaker;
import io.watchgate.resilience.CircuitBreakerLayer;
import io.watchgate.resilience.CircuitEvents;
import io.watchgate.resilience.ConcurrencyLimit;
import io.watchgate.resilience.ConcurrencyLimitLayer;
import io.watchgate.resilience.ConcurrencySettings;
import io.watchgate.resilience.DeadlineLayer;
import io.watchgate.resilience.RetryBudget;
import io.watchgate.resilience.RetryLayer;
import io.watchgate.routing.Router;
import io.watchgate.routing.Switchboard;
import io.watchgate.routing.Switchboard.Place;
import io.watchgate.telemetry.CallStatistics;
import io.watchgate.telemetry.TelemetryLayer;
import io.watchgate.translation.TranslationLayer;
import io.watchgate.upstream.SessionKeyLayer;
import io.watchgate.upstream.Upstream;
import io.watchgate.upstream.UpstreamSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;

/// The whole gateway on one page. Read a stack down for the call and up for the reply.
final class Gateway implements AutoCloseable {
  private final GatewayConfig config;
  private final Surroundings surroundings;
  private final ConcurrencyLimit limit;
  private final Layer audit;
  private final Seal seal;
  private final Refusals refusals = new Refusals();
  private final List<Upstream> upstreams = new ArrayList<>();
  private final Map<String, ConcurrencyLimit> upstreamLimits = new LinkedHashMap<>();
  private final Map<String, CallStatistics> statistics = new LinkedHashMap<>();
  private final Map<String, CircuitBreaker> breakers = new LinkedHashMap<>();
  private final Map<String, RetryBudget> retryBudgets = new LinkedHashMap<>();
  private final List<TranslationLayer> translations = new ArrayList<>();
  private final Map<String, Handler> endpoints = new LinkedHashMap<>();
  private final Router router;

  /// A gateway whose calls leave no record, and whose tokens end with this process.
  Gateway(GatewayConfig config) throws IOException {
    this(config, inner -> inner, Seal.random());
  }

  /// @param audit the layer that records all calls
  /// @param seal seals what clients carry for the gateway
  Gateway(GatewayConfig config, Layer audit, Seal seal) throws IOException {
    this(config, audit, seal, Surroundings.real());
  }

  /// @param surroundings what the gateway takes from outside
  Gateway(GatewayConfig config, Layer audit, Seal seal, Surroundings surroundings)
      throws IOException {
    this.config = config;
    this.audit = audit;
    this.seal = seal;
    this.surroundings = surroundings;
    this.limit = new ConcurrencyLimit("", config.concurrency());
    var switchboard = new Switchboard(config.separator(), seal, refusals, surroundings.time());
    var terms = new Upstream.Terms(config.limits(), Version.self(), surroundings.time());
    var places = new ArrayList<Place>();
    for (var settings : config.upstreams()) {
      if (settings.enabled()) {
        var breaker = circuitBreaker(settings);
        var events = new CircuitEvents(breaker, switchboard);
        var upstream = new Upstream(settings, terms, events, surroundings.wiring());
        breaker.onClosed(() -> switchboard.recovered(upstream));
        upstreams.add(upstream);
        places.add(new Place(upstream, server(upstream, breaker), settings.prefix()));
      }
    }
    this.router = switchboard.router(places);
    endpoints.put("", gateway(router));
    for (var place : places) {
      var alone = switchboard.router(List.of(new Place(place.server(), place.handler(), "")));
      endpoints.put("/" + place.server().name(), gateway(alone));
    }
  }

  /// What every call goes through.
  private Handler gateway(Router target) {
    return Layer.stack(
        List.of(
            audit, // nothing returns around it
            new RescueLayer(), // a rejection is a reply too
            new DeadlineLayer(config.maxRequestTimeout(), time()), // bounds all below
            new ConcurrencyLimitLayer(limit)), // before any work is done
        target);
  }

  /// What every call to one server goes through.
  private Handler server(Upstream upstream, CircuitBreaker breaker) {
    var settings = upstream.settings();
    var towards = new ConcurrencyLimit(settings.name(), concurrency(settings));
    upstreamLimits.put(settings.name(), towards);
    var counted = new CallStatistics();
    statistics.put(settings.name(), counted);
    var translation =
        new TranslationLayer(
            upstream, Version.self(), seal, refusals, time(), surroundings.clock());
    translations.add(translation);
    return Layer.stack(
        List.of(
            new TelemetryLayer(counted, time()), // counts refusals too, and a call once
            retries(settings), // each attempt goes through all below
            new CircuitBreakerLayer(breaker), // refuses before anything waits, hears every attempt
            new ConcurrencyLimitLayer(towards), // one slow server must not take all places
            new SessionKeyLayer(), // whose session it is, before the era is chosen
            translation), // each side in its own era
        upstream);
  }

  private CircuitBreaker circuitBreaker(UpstreamSettings settings) {
    var terms = settings.circuitBreaker();
    var breaker =
        new CircuitBreaker(
            settings.name(),
            terms.failureThreshold(),
            terms.recoveryTimeout(),
            terms.halfOpenRequests(),
            time());
    breakers.put(settings.name(), breaker);
    return breaker;
  }

  private RetryLayer retries(UpstreamSettings settings) {
    var terms = settings.retry();
    var budget = new RetryBudget(terms.budget(), time());
    retryBudgets.put(settings.name(), budget);
    var backoff =
        new Backoff(terms.backoff(), terms.maxBackoff(), terms.jitter(), surroundings.random());
    return new RetryLayer(terms.maxAttempts(), backoff, budget, time());
  }

  private static ConcurrencySettings concurrency(UpstreamSettings settings) {
    return new ConcurrencySettings(settings.maxConcurrentRequests(), 0, Duration.ZERO);
  }

  /// Reaches out to all servers, so that they are there when the first client comes.
  void connect() {
    prepare(GatewayClient.INSTANCE);
  }

  void prepare(Session session) {
    upstreams.forEach(upstream -> upstream.prepare(session));
  }

  /// The stack behind the endpoint that joins all servers.
  Handler handler() {
    return Objects.requireNonNull(endpoints.get(""));
  }

  /// The stacks behind all endpoints: of all servers under the path, of each alone below it.
  Map<String, Handler> handlers(String path) {
    var byPath = new LinkedHashMap<String, Handler>();
    endpoints.forEach((suffix, handler) -> byPath.put(path + suffix, handler));
    return byPath;
  }

  GatewayConfig config() {
    return config;
  }

  /// The terms on which clients are served.
  Terms terms() {
    return new Terms(
        config.limits(),
        Version.self(),
        config.maxRequestTimeout(),
        seal,
        surroundings.clock(),
        surroundings.time(),
        refusals);
  }

  /// By which everything waits.
  Time time() {
    return surroundings.time();
  }

  EventLoopGroup loops() {
    return surroundings.loops();
  }

  Router router() {
    return router;
  }

  List<Upstream> upstreams() {
    return upstreams;
  }

  ConcurrencyLimit limit() {
    return limit;
  }

  ConcurrencyLimit limit(Upstream upstream) {
    return upstreamLimits.getOrDefault(upstream.name(), limit);
  }

  /// What became of the calls to a server.
  CallStatistics statistics(Upstream upstream) {
    return statistics.getOrDefault(upstream.name(), new CallStatistics());
  }

  CircuitState circuit(Upstream upstream) {
    return Objects.requireNonNull(breakers.get(upstream.name())).state();
  }

  /// Calls to a server that were made again.
  long retries(Upstream upstream) {
    return Objects.requireNonNull(retryBudgets.get(upstream.name())).taken();
  }

  /// Calls that wait for their clients to come back with input.
  int parked() {
    return translations.stream().mapToInt(TranslationLayer::parked).sum();
  }

  /// Ends all servers and connections.
  @Override
  public void close() {
    try (var all = Executors.newVirtualThreadPerTaskExecutor()) {
      upstreams.forEach(upstream -> all.execute(upstream::close));
    }
    surroundings.close();
  }
}
