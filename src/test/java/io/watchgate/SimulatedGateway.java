package io.watchgate;

import io.watchgate.config.GatewayConfig;
import io.watchgate.downstream.DirectListener;
import io.watchgate.flow.Layer;
import io.watchgate.flow.Seal;
import io.watchgate.flow.Time;
import io.watchgate.hosting.PluginSettings;
import io.watchgate.hosting.PluginSettings.Scope;
import io.watchgate.hosting.PluginSettings.Terms;
import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Recorder;
import io.watchgate.resilience.ConcurrencyLimit;
import io.watchgate.upstream.Transports;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// A whole gateway in surroundings that are not real.
public final class SimulatedGateway implements AutoCloseable {
  private final Gateway gateway;

  /// @param outermost a layer around all others
  public SimulatedGateway(
      GatewayConfig config, Layer outermost, Random random, Time time, Transports.Wiring wiring)
      throws IOException {
    var key = new byte[Seal.KEY_BYTES];
    random.nextBytes(key);
    long start = time.nanos();
    InstantSource clock = () -> Instant.EPOCH.plusNanos(time.nanos() - start);
    var surroundings =
        new Surroundings(time, clock, random, new EventLoops(), wiring, Path.of("unused"));
    this.gateway = new Gateway(config, outermost, new Seal(key, random), surroundings);
  }

  /// A configuration whose every message is recorded.
  public static GatewayConfig recordedBy(Recorder recorder, GatewayConfig config) {
    var scope = new Scope(Optional.empty(), "recorder");
    var terms = new Terms(true, 50, true, Optional.empty());
    var name = Json.string("recorder");
    return config.withPlugins(
        List.of(new PluginSettings("recorder", scope, terms, name, _ -> recorder)));
  }

  public void connect() {
    gateway.connect();
  }

  /// Where clients come in.
  public DirectListener listener() {
    return new DirectListener(gateway.handler(), gateway.terms());
  }

  /// What is in flight, waits for its turn or for its client.
  public String load() {
    var servers = gateway.branches();
    var limits = servers.stream().map(Branch::limit).toList();
    int waiting = limits.stream().mapToInt(ConcurrencyLimit::waiting).sum();
    int towards = limits.stream().mapToInt(ConcurrencyLimit::inFlight).sum();
    int sent = servers.stream().mapToInt(server -> server.upstream().inFlight()).sum();
    return "%d in flight, %d waiting, %d towards servers, %d waiting there, %d sent, %d parked"
        .formatted(
            gateway.inFlight(),
            gateway.limit().waiting(),
            towards,
            waiting,
            sent,
            gateway.parked());
  }

  @Override
  public void close() {
    gateway.close();
  }
}
