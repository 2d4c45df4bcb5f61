package io.watchgate.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// How much memory Watchgate has in its default settings, when nothing happens.
final class Memory {
  static final String IDLE = "memory after 10 000 calls";
  static final String STREAM = "memory of an idle stream";
  static final String STREAMS = "idle streams that are let in";
  private static final int CALLS = 10_000;
  private static final int WANTED = 10_000;
  private static final Duration REST = Duration.ofSeconds(3);

  private Memory() {}

  static List<Figures> measure(Stand stand) {
    var contender = Contenders.named(List.of("watchgate-default")).getFirst();
    var idle = new Figures(IDLE, contender.name());
    var stream = new Figures(STREAM, contender.name());
    var streams = new Figures(STREAMS, contender.name());
    try (var program = stand.start(contender, Setup.PLAIN)) {
      var scenario = Scenario.call(IDLE, Setup.PLAIN, 32, Site.SMALL);
      try (var generator = Stand.generator(program, scenario)) {
        for (long calls = 0; calls < CALLS; ) {
          calls += generator.closed(Duration.ofMillis(200)).calls();
        }
      }
      rest();
      idle.setMegabytes(Cpu.megabytes(program.process()));
      listen(program, stream, streams);
    } catch (IOException failure) {
      List.of(idle, stream, streams).forEach(one -> one.fail(failure.getMessage()));
    }
    return List.of(idle, stream, streams);
  }

  private static void listen(Program program, Figures stream, Figures streams) throws IOException {
    collect(program);
    double before = Cpu.megabytes(program.process());
    var open = new ArrayList<Connection>();
    try {
      while (open.size() < WANTED && listen(program.endpoint(), open)) {
        streams.setCount(open.size());
      }
      rest();
      collect(program);
      stream.setMegabytes((Cpu.megabytes(program.process()) - before) / open.size());
    } finally {
      for (var connection : open) {
        connection.close();
      }
    }
  }

  /// Opens one more.
  ///
  /// @return whether it was let in
  private static boolean listen(Endpoint endpoint, List<Connection> open) throws IOException {
    try {
      var connection = Connection.open(endpoint);
      open.add(connection);
      connection.say(endpoint.listen(connection.session()));
      return true;
    } catch (BenchFailure _) {
      return false;
    }
  }

  private static void rest() {
    LockSupport.parkNanos(REST.toNanos());
  }

  /// Without what is garbage, which says nothing about a session.
  private static void collect(Program program) throws IOException {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var process =
        new ProcessBuilder(jcmd, String.valueOf(program.process().pid()), "GC.run")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectErrorStream(true)
            .start();
    process.onExit().join();
  }
}
