package io.watchgate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What stands between a client and a server on pipes: a relay that passes bytes, and Watchgate.
final class Relays {
  static final String NAME = "between two pipes, %d";
  static final String RELAY = "relay";
  static final String START = "first answer after a start";
  static final String NODE = "node";
  private static final int STARTS = 10;

  private final Path root;
  private final Plan plan;

  Relays(Path root, Plan plan) {
    this.root = root;
    this.plan = plan;
  }

  private record Side(String name, String prefix, List<String> command) {}

  private List<Side> sides() throws IOException {
    var responder = root.resolve("bench/target/" + Cpu.RESPONDER).toString();
    var relay = root.resolve("bench/target/bench-relay").toString();
    var template = root.resolve("bench/contenders/watchgate-stdio.yaml");
    var file = root.resolve("bench/target/runs/watchgate-stdio/watchgate.yaml");
    Files.createDirectories(file.getParent());
    var words = Map.of("COMMAND", responder, "TOOLS", "10");
    Files.writeString(file, Program.fill(Files.readString(template), words));
    var watchgate = root.resolve("watchgate").toString();
    return List.of(
        new Side(RELAY, "", List.of(relay, responder, "10")),
        new Side("watchgate", "s0__", List.of(watchgate, "run", "-c", file.toString())));
  }

  /// With one request on its way, and with many.
  List<Figures> load() throws IOException {
    var figures = new ArrayList<Figures>();
    for (int window : List.of(1, 32)) {
      figures.addAll(load(window));
    }
    return figures;
  }

  private List<Figures> load(int window) throws IOException {
    var all = new ArrayList<Figures>();
    var running = new ArrayList<Pipes>();
    var answers = new ArrayList<Answer>();
    try {
      for (var side : sides()) {
        var pipes = Pipes.open(side.command(), directory(side.name()));
        running.add(pipes);
        answers.add(pipes.learn(Scenario.smallCall(side.prefix())));
        pipes.run(answers.getLast(), window, plan.warmAtMost().dividedBy(2));
        all.add(new Figures(NAME.formatted(window), side.name()));
      }
      for (int round = 0; round < plan.rounds(); round++) {
        for (int i = 0; i < running.size(); i++) {
          double before = Cpu.micros(running.get(i).process());
          var sample = running.get(i).run(answers.get(i), window, plan.busy());
          all.get(i).addBusy(sample, Cpu.micros(running.get(i).process()) - before);
        }
      }
      for (int i = 0; i < running.size(); i++) {
        all.get(i).setMegabytes(Cpu.megabytes(running.get(i).process()));
      }
    } finally {
      running.forEach(Pipes::close);
    }
    return all;
  }

  /// How long it takes until a client that starts the gateway has its first answer, beside the
  /// smallest server of the official SDK.
  List<Figures> start() throws IOException {
    var all = new ArrayList<Figures>();
    var hello = root.resolve("bench/.peers/npm/hello.mjs");
    var sides = List.of(new Side(NODE, "", List.of("node", hello.toString())), sides().getLast());
    for (var side : sides) {
      all.add(new Figures(START, side.name()));
    }
    if (!Files.exists(hello)) {
      all.getFirst().fail("is not there: make bench-peers did not run");
      return all;
    }
    for (int i = -1; i < STARTS; i++) {
      for (int side = 0; side < sides.size(); side++) {
        var time = Pipes.firstAnswer(sides.get(side).command(), directory(sides.get(side).name()));
        if (i >= 0) {
          all.get(side).addTime(time);
        }
      }
    }
    return all;
  }

  private Path directory(String name) {
    return root.resolve("bench/target/runs/pipes-" + name);
  }
}
