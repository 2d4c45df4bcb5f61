package io.watchgate.faults;

import io.watchgate.faults.Caller.Shot;
import io.watchgate.flow.Time;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Clients close their connections while they wait for answers.
final class ClientsGone implements Row {
  private static final int CROWD = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final Duration CLEARED_WITHIN = Duration.ofSeconds(5);

  @Override
  public String name() {
    return "gone";
  }

  @Override
  public String fault() {
    return "client gone mid-call, 10 000 times";
  }

  @Override
  public String required() {
    return "upstream cancelled, permits back, counters 0";
  }

  @Override
  public void run(Bench bench, Report report) throws Exception {
    int calls = bench.times(1000, 10_000);
    var keys = "max_concurrent_requests: 1000, request_timeout: 60s";
    var plan = new Plan().server(Stand.PIPE, keys).server(Stand.WEB, keys);
    try (var stand = Stand.start(bench, plan)) {
      leave(stand, calls / 10);
      var before = stand.quiet();
      stand.load();
      leave(stand, calls);
      report.allAnswered("those who stayed were", stand.settled());
      Time.REAL.pass(CLEARED_WITHIN);
      counters(stand, report);
      SilentServer.grew(report, before, stand.quiet(), calls);
      var stats = stand.callers.getFirst().call(new Shot(Stand.PIPE, "stats", "", "", ""));
      var pipe = Wire.read(stats.detail());
      long came = pipe.path("hanging").asLong(0);
      report.exactly("cancelled on the pipe", pipe.path("cancelled").asLong(0), came);
      long hung = stand.web.count("hang");
      report.exactly("cancelled over HTTP", stand.web.count("cancelled hang"), hung);
      report.exactly("calls", came + hung, calls + calls / 10);
    }
  }

  private static void leave(Stand stand, int calls) throws IOException, InterruptedException {
    for (int i = 0; i < calls / CROWD; i++) {
      leaveTogether(stand);
    }
  }

  /// Clients that leave once all their calls have come to the servers, every second one with a
  /// reset.
  private static void leaveTogether(Stand stand) throws IOException, InterruptedException {
    long came = stand.pipe.hanging() + stand.web.count("hang");
    var clients = new ArrayList<Socket>();
    for (int i = 0; i < CROWD; i++) {
      clients.add(call(stand, i));
    }
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (stand.pipe.hanging() + stand.web.count("hang") < came + CROWD) {
      if (System.nanoTime() > until) {
        throw new IOException("calls did not come to the servers in " + PATIENCE);
      }
      Time.REAL.pass(Duration.ofMillis(1));
    }
    for (int i = 0; i < CROWD; i++) {
      clients.get(i).setSoLinger(i % 2 == 0, 0);
      clients.get(i).close();
    }
  }

  private static Socket call(Stand stand, int number) throws IOException {
    var caller = stand.callers.get(number % stand.callers.size());
    var server = number / stand.callers.size() % 2 == 0 ? Stand.PIPE : Stand.WEB;
    var id = "\"gone" + NUMBERS.incrementAndGet() + "\"";
    var body = Wire.request(id, "tools/call", Shot.of(server, "hang", "never", 0).params());
    var lines = new ArrayList<>(List.of("POST /mcp HTTP/1.1", "Host: localhost"));
    lines.addAll(List.of(caller.headers()));
    lines.add("Content-Length: " + body.length());
    var request = String.join("\r\n", lines) + "\r\n\r\n" + body;
    var socket = new Socket(InetAddress.getLoopbackAddress(), stand.gateway.port());
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static void counters(Stand stand, Report report) throws IOException {
    var status = stand.gateway.status();
    report.exactly("in flight", status.path("concurrent_requests").asInt(-1), 0);
    for (var server : status.path("upstreams")) {
      var name = server.path("name").asString("");
      int flying = server.path("in_flight").asInt(-1);
      int waiting = server.path("pool").path("waiting").asInt(-1);
      if (flying != 0 || waiting != 0) {
        report.check(name + " has " + flying + " in flight, " + waiting + " waiting", false);
      }
    }
  }
}
