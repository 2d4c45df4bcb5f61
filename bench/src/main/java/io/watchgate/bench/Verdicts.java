package io.watchgate.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/// What was promised. A bound is left out when not all that it needs was measured.
final class Verdicts {
  private static final String NGINX = "nginx";
  private static final String STRAIGHT = "straight";
  private static final String SMALL = small(Era.HANDSHAKE, 32);
  private static final ToDoubleFunction<Figures> CPU = Figures::cpuMicros;
  private static final ToDoubleFunction<Figures> RATE = Figures::callsPerSecond;

  private final Board board;
  private final List<Verdict> found = new ArrayList<>();

  private Verdicts(List<Figures> figures) {
    this.board = new Board(figures);
  }

  static List<Verdict> of(List<Figures> figures) {
    var verdicts = new Verdicts(figures);
    verdicts.besideFloors();
    verdicts.besidePeers();
    verdicts.alone();
    return verdicts.found;
  }

  private static String small(Era era, int connections) {
    return Parts.SMALL.formatted(era.word(), connections);
  }

  private void besideFloors() {
    atMost("CPU of a small call", 2.3, NGINX, board.ratio(SMALL, Board.WATCHGATE, NGINX, CPU));
    atMost(
        "CPU of a 300 KB answer",
        2.5,
        NGINX,
        board.ratio(Parts.LARGE, Board.WATCHGATE, NGINX, CPU));
    var one = small(Era.HANDSHAKE, 1);
    atMost("ms added at p50, 1 connection", 0.15, STRAIGHT, added(one, 50));
    atMost("ms added at p99, 1 connection", 1, STRAIGHT, added(one, 99));
    for (int window : List.of(1, 32)) {
      atLeast(
          "calls/s between two pipes, " + window + " at once",
          0.5,
          "a relay in C",
          board.ratio(Relays.NAME.formatted(window), Board.WATCHGATE, Relays.RELAY, RATE));
    }
  }

  private OptionalDouble added(String scenario, double percentile) {
    return board.difference(
        scenario, Board.WATCHGATE, STRAIGHT, figures -> figures.busyMicros(percentile) / 1e3);
  }

  private void besidePeers() {
    for (var era : Era.values()) {
      var scenario = small(era, 32);
      var best = board.best(scenario);
      atLeast("calls/s, " + era.word(), 1, best, board.againstBest(scenario, RATE));
      atMost(
          "p99 at half of the calls/s, " + era.word(),
          1,
          best,
          board.againstBest(scenario, figures -> figures.pacedMicros(99)));
    }
    var list = Parts.LIST.formatted(1000);
    atLeast("lists/s of 1 000 tools", 5, board.best(list), board.againstBest(list, RATE));
  }

  private void alone() {
    atMost(
        "CPU of a small call, three scanners and audit",
        3,
        "plugins off",
        board.ratio(SMALL, "watchgate-scanners", Board.WATCHGATE, CPU));
    atMost(
        "first answer after a start over stdio",
        1,
        "node, a server of the SDK",
        board.ratio(Relays.START, Board.WATCHGATE, Relays.NODE, one -> one.busyMicros(50)));
    atMost(
        "MB after 10 000 calls, default settings",
        150,
        "",
        board.value(Memory.IDLE, "watchgate-default", Figures::megabytes));
    atMost(
        "KB of an idle stream",
        20,
        "",
        board.value(Memory.STREAM, "watchgate-default", one -> 1000 * one.megabytes()));
    atLeast(
        "idle streams that are let in",
        10_000,
        "",
        board.value(Memory.STREAMS, "watchgate-default", Figures::count));
  }

  private void atMost(String what, double bound, String against, OptionalDouble figure) {
    figure.ifPresent(value -> found.add(new Verdict(what, value, true, bound, against)));
  }

  private void atLeast(String what, double bound, String against, OptionalDouble figure) {
    figure.ifPresent(value -> found.add(new Verdict(what, value, false, bound, against)));
  }
}
