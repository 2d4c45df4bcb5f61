package io.watchgate.faults;

import io.watchgate.faults.FaultProxy.Toxic;
import io.watchgate.faults.Load.Lane;
import io.watchgate.faults.Sample.Window;
import io.watchgate.flow.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Four servers, a gateway before them, and clients: two servers on pipes, of which the first can
/// be harmed, and two over HTTP, of which the first can be.
final class Stand implements AutoCloseable {
  static final String PIPE = "pipe1";
  static final String WEB = "web1";
  private static final List<String> SERVERS = List.of(PIPE, "pipe2", WEB, "web2");
  private static final int PER_SECOND = 50;
  private static final int CLIENTS = 4;
  private static final Duration SETTLING = Duration.ofSeconds(5);
  private static final int SETTLINGS = 4;

  final FaultPipe pipe = new FaultPipe();
  final WebServer web = WebServer.start(WEB);
  final WebServer otherWeb = WebServer.start("web2");
  final FaultProxy proxy = new FaultProxy(web.port());
  final Outcomes outcomes = new Outcomes();
  final GatewayProcess gateway;
  final List<Caller> callers;
  private final List<Load> loads = new ArrayList<>();

  /// What grows when something is left behind.
  record Footprint(int threads, int virtualThreads, int descriptors, double heapMebibytes) {}

  private Stand(Path directory, Plan plan) throws IOException, InterruptedException {
    gateway =
        GatewayProcess.start(directory, plan.configuration(servers(plan)), plan.javaOptions());
    callers = Caller.open(gateway.port(), CLIENTS);
    for (var caller : callers) {
      caller.ask("tools/list", "{}");
    }
  }

  private List<String> servers(Plan plan) {
    var first = plan.isPipePlain() ? FaultPipe.plainServer(PIPE) : pipe.server(PIPE);
    return List.of(
        plan.command(PIPE, first),
        plan.command("pipe2", FaultPipe.plainServer("pipe2")),
        plan.url(WEB, proxy.port()),
        plan.url("web2", otherWeb.port()));
  }

  /// A gateway that answers calls to all servers, under a steady load long enough to be warm.
  static Stand start(Bench bench, Plan plan) throws IOException, InterruptedException {
    var stand = new Stand(bench.directory(), plan);
    try {
      stand.load();
      Time.REAL.pass(bench.seconds(3, 20));
      return stand;
    } catch (InterruptedException e) {
      stand.close();
      throw e;
    }
  }

  /// 200 calls in a second, until [#quiet()] or the end.
  void load() {
    load(SERVERS.stream().map(server -> Lane.of(server, PER_SECOND)).toList());
  }

  /// Calls beside the steady ones.
  Load load(List<Lane> lanes) {
    var load = Load.start(outcomes, callers, lanes);
    loads.add(load);
    return load;
  }

  /// Lets time pass.
  Window window(Duration time) throws InterruptedException {
    long from = System.nanoTime();
    Time.REAL.pass(time);
    return new Window(from, System.nanoTime());
  }

  /// Harms the first server over HTTP, and resets its connections.
  void takeDown(Toxic how) throws IOException, InterruptedException {
    proxy.become(how);
    proxy.cut();
    Time.REAL.pass(Duration.ofMillis(100));
    proxy.cut(); // those that were just being made
  }

  /// Ends the load and what it leaves behind in good order, and measures what is left.
  Footprint quiet() throws IOException, InterruptedException {
    endLoad();
    var _ = outcomes.settled();
    callers.forEach(Caller::closeIdle);
    int before = Integer.MAX_VALUE;
    for (int i = 0; i < SETTLINGS && gateway.descriptors() < before; i++) {
      before = gateway.descriptors();
      Time.REAL.pass(SETTLING); // idle connections to servers are closed after 4 s
    }
    var inside = gateway.inside();
    return new Footprint(
        gateway.threads(), inside.virtualThreads(), gateway.descriptors(), inside.heapMebibytes());
  }

  /// No more calls are begun.
  void endLoad() {
    loads.forEach(Load::close);
    loads.clear();
  }

  /// All calls, after the end of the load.
  Sample settled() throws InterruptedException {
    endLoad();
    return outcomes.settled();
  }

  @Override
  public void close() {
    endLoad();
    gateway.close();
    callers.forEach(Caller::close);
    web.close();
    otherWeb.close();
    try (pipe;
        proxy) {
      // they end
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
