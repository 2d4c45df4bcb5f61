package io.watchgate;

import io.netty.channel.EventLoopGroup;
import io.watchgate.audit.AuditWitness;
import io.watchgate.config.GatewayConfig;
import io.watchgate.downstream.Terms;
import io.watchgate.flow.Call;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Layer;
import io.watchgate.flow.Occurrence.GatewayChanged;
import io.watchgate.flow.Refusals;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Seal;
import io.watchgate.flow.Session;
import io.watchgate.flow.Time;
import io.watchgate.flow.TraceContext;
import io.watchgate.flow.Trail;
import io.watchgate.flow.Witness;
import io.watchgate.hosting.Plugins;
import io.watchgate.plugin.Recorder;
import io.watchgate.resilience.ConcurrencyLimit;
import io.watchgate.resilience.Lending;
import io.watchgate.routing.Router;
import io.watchgate.routing.Switchboard;
import io.watchgate.telemetry.Source;
import io.watchgate.telemetry.Telemetry;
import io.watchgate.upstream.Upstream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// The gateway while it runs: goes by one plan after the other, and takes each call by the plan
/// that it began with.
final class Gateway implements AutoCloseable {
  private static final Duration DRAIN_CHECK = Duration.ofMillis(50);

  private final Surroundings surroundings;
  private final Seal seal;
  private final Witness witness;
  private final Refusals refusals;
  private final Telemetry telemetry;
  private final Switchboard switchboard;
  private final Supplier<String> ids;
  private final Planner planner;
  private final Map<Trail, Plan> calls = new ConcurrentHashMap<>();
  private final Set<Branch> leaving = ConcurrentHashMap.newKeySet();
  private volatile Plan plan;
  private volatile Optional<Recorder> recorder = Optional.empty();
  private volatile int highestBefore;
  private boolean connected;
  private volatile boolean closed;

  /// A gateway whose tokens end with this process.
  Gateway(GatewayConfig config) throws IOException {
    this(config, Seal.random());
  }

  /// @param seal seals what clients carry for the gateway
  Gateway(GatewayConfig config, Seal seal) throws IOException {
    this(config, inner -> inner, seal, Surroundings.real());
  }

  /// @param outermost a layer that sees everything
  /// @param surroundings what the gateway takes from outside
  Gateway(GatewayConfig config, Layer outermost, Seal seal, Surroundings surroundings)
      throws IOException {
    this.seal = seal;
    this.surroundings = surroundings;
    this.telemetry = new Telemetry(config.telemetry(), source(surroundings));
    this.witness = new AuditWitness(() -> recorder, surroundings.clock());
    this.refusals = new Refusals(witness);
    this.switchboard = new Switchboard(seal, refusals, surroundings.time());
    this.ids = ids();
    this.planner =
        new Planner(
            outermost,
            seal,
            refusals,
            switchboard,
            ids,
            witness,
            telemetry,
            new Lending(),
            surroundings);
    this.plan = planner.plan(config, limit(config), List.of(), Plugins.none());
    this.recorder = plan.plugins().recorder();
    switchboard.connect(List.copyOf(plan.routers().values()));
    saw("gateway/started", "version " + Version.number());
  }

  private void saw(String what, String why) {
    witness.saw(new GatewayChanged(what, why));
  }

  private static Source source(Surroundings around) {
    var instance = Long.toString(around.random().nextLong(1L << 40), 36);
    return new Source(Version.number(), instance, around.time(), around.clock(), around.random());
  }

  /// Ids that no other call has, of this process or one before it.
  private Supplier<String> ids() {
    var start = Long.toString(surroundings.random().nextLong(1L << 40), 36);
    var count = new AtomicLong();
    return () -> start + "-" + count.incrementAndGet();
  }

  private ConcurrencyLimit limit(GatewayConfig config) {
    return ConcurrencyLimit.fixed("", config.concurrency(), surroundings.time());
  }

  /// Reaches out to all servers, so that they are there when the first client comes.
  synchronized void connect() {
    connected = true;
    prepare(GatewayClient.INSTANCE);
  }

  void prepare(Session session) {
    upstreams().forEach(upstream -> upstream.prepare(session));
  }

  /// Goes on by another configuration, from one moment to the next. Servers whose settings are the
  /// same go on as they are; the others finish the calls that they have. Clients are told which of
  /// their lists are others now.
  ///
  /// @throws IOException when a server cannot be set up; then nothing has changed
  synchronized void reload(GatewayConfig config) throws IOException {
    var before = plan;
    if (closed || config.equals(before.config())) {
      return;
    }
    boolean sameLimit = config.concurrency().equals(before.config().concurrency());
    var limit = sameLimit ? before.limit() : limit(config);
    var next = planner.plan(config, limit, before.branches(), before.plugins());
    if (!sameLimit) {
      highestBefore = Math.max(highestBefore, before.limit().highest());
    }
    switchboard.connect(List.copyOf(next.routers().values()));
    var left = without(before.branches(), next.branches());
    leaving.addAll(left);
    plan = next;
    recorder = next.plugins().recorder();
    if (connected) {
      without(next.branches(), before.branches())
          .forEach(branch -> branch.upstream().prepare(GatewayClient.INSTANCE));
    }
    var patience = before.config().maxRequestTimeout(); // no call lives longer
    var telling = Thread.ofVirtual().name("changes").start(() -> tellChanges(before, next));
    for (var branch : left) {
      Thread.ofVirtual()
          .name("drain " + branch.name())
          .start(() -> drain(branch, patience, telling));
    }
    Thread.ofVirtual().name("plugins that leave").start(() -> retire(before, next, telling));
  }

  private static List<Branch> without(List<Branch> some, List<Branch> others) {
    return some.stream().filter(branch -> !others.contains(branch)).toList();
  }

  private static void tellChanges(Plan before, Plan next) {
    next.routers()
        .forEach((name, router) -> {
          var last = before.routers().get(name);
          if (last != null) {
            router.tellChanges(last);
          }
        });
  }

  /// Ends a server that is in no plan any more once nothing can want it.
  ///
  /// @param telling compares what it listed with what is listed now
  private void drain(Branch branch, Duration patience, Thread telling) {
    var deadline = Deadline.after(patience, time());
    try {
      while (isWanted(branch) && deadline.remainingNanos() > 0 && !closed) {
        time().pass(DRAIN_CHECK);
      }
      branch.upstream().close();
      leaving.remove(branch);
      telling.join();
      switchboard.forget(branch.upstream());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends the plugins that the next plan has no more, once no call goes by the plan before.
  private void retire(Plan before, Plan next, Thread telling) {
    var deadline = Deadline.after(before.config().maxRequestTimeout(), time());
    try {
      telling.join();
      switchboard.settle();
      while (calls.containsValue(before) && deadline.remainingNanos() > 0 && !closed) {
        time().pass(DRAIN_CHECK);
      }
      before.plugins().closeBut(next.plugins());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whether a call is at the server, or may still come to it by the plan that it began with.
  private boolean isWanted(Branch branch) {
    return branch.upstream().inFlight() > 0
        || calls.entrySet().stream()
            .filter(call -> call.getValue().branches().contains(branch))
            .anyMatch(call -> call.getKey().server().map(branch.name()::equals).orElse(true));
  }

  /// Takes a call by the plan of the moment. Whoever takes a server out of the plans sees the calls
  /// that began by one of before.
  @SuppressWarnings("ReferenceEquality") // a plan is itself, whatever another one says
  private Reply handle(String endpoint, Call call) throws InterruptedException {
    call.trail().cameWith(TraceContext.of(call));
    var _ = call.trail().id(ids); // by which what is logged of it is found
    var mine = plan;
    calls.put(call.trail(), mine);
    try {
      while (mine != plan) {
        mine = plan;
        calls.put(call.trail(), mine);
      }
      return mine.endpoint(endpoint).handle(call);
    } finally {
      calls.remove(call.trail());
    }
  }

  /// Takes a call, with all that is logged on the way.
  private Reply logged(String endpoint, Call call) throws InterruptedException {
    return ScopedValue.where(Trail.CURRENT, call.trail()).call(() -> handle(endpoint, call));
  }

  /// What is behind the endpoint that joins all servers, by whichever plan.
  Handler handler() {
    return call -> logged("", call);
  }

  /// What is behind the endpoint of one server alone, empty when there is none in the plan.
  Optional<Handler> handler(String server) {
    var endpoint = "/" + server;
    return plan.endpoints().containsKey(endpoint)
        ? Optional.of(call -> logged(endpoint, call))
        : Optional.empty();
  }

  /// What is behind all endpoints of the plan: of all servers under the path, of each alone below
  /// it.
  Map<String, Handler> handlers(String path) {
    var byPath = new LinkedHashMap<String, Handler>();
    for (var endpoint : plan.endpoints().keySet()) {
      byPath.put(path + endpoint, call -> logged(endpoint, call));
    }
    return byPath;
  }

  GatewayConfig config() {
    return plan.config();
  }

  /// The terms on which clients are served.
  Terms terms() {
    var config = config();
    return new Terms(
        config.limits(),
        Version.self(),
        config.maxRequestTimeout(),
        seal,
        surroundings.clock(),
        surroundings.time(),
        refusals,
        witness);
  }

  /// By which everything waits.
  Time time() {
    return surroundings.time();
  }

  /// What nobody can guess.
  RandomGenerator random() {
    return surroundings.random();
  }

  EventLoopGroup loops() {
    return surroundings.loops().get();
  }

  Router router() {
    return plan.router();
  }

  ConcurrencyLimit limit() {
    return plan.limit();
  }

  /// Hears what happens beside the calls of clients.
  Witness witness() {
    return witness;
  }

  /// Why no call can be taken, empty when all is well.
  Optional<String> trouble() {
    return recorder.flatMap(Recorder::trouble);
  }

  /// Where calls are counted, by whichever plan.
  Telemetry telemetry() {
    return telemetry;
  }

  Plugins plugins() {
    return plan.plugins();
  }

  List<Branch> branches() {
    return plan.branches();
  }

  /// Those that are in the plan no more and finish what they have.
  List<Branch> leaving() {
    return List.copyOf(leaving);
  }

  List<Upstream> upstreams() {
    return branches().stream().map(Branch::upstream).toList();
  }

  /// Calls in flight, by whichever plan.
  int inFlight() {
    return Stream.concat(Stream.of(plan), calls.values().stream())
        .map(Plan::limit)
        .distinct()
        .mapToInt(ConcurrencyLimit::inFlight)
        .sum();
  }

  /// The most calls that were ever in flight at once.
  int highest() {
    return Math.max(highestBefore, plan.limit().highest());
  }

  /// Calls that wait for their clients to come back with input.
  int parked() {
    return branches().stream().mapToInt(branch -> branch.translation().parked()).sum();
  }

  /// Ends all servers and connections.
  @Override
  public void close() {
    var all = new ArrayList<Upstream>();
    synchronized (this) {
      closed = true;
      all.addAll(upstreams());
      leaving.forEach(branch -> all.add(branch.upstream()));
    }
    try (var closing = Executors.newVirtualThreadPerTaskExecutor()) {
      all.forEach(upstream -> closing.execute(upstream::close));
    }
    saw("gateway/stopped", "");
    plan.plugins().closeBut(Plugins.none());
    telemetry.close();
    surroundings.close();
  }
}
