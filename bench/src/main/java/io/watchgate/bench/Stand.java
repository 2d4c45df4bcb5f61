package io.watchgate.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// Contenders that run side by side before one server, and take turns under load.
final class Stand implements AutoCloseable {
  private static final double COMPILING = 0.1; // of a core: what is left of it when all is warm
  private static final int CROWD = 32;
  private static final double SLOW = 300; // calls a second with which a crowd takes minutes

  private final Plan plan;
  private final Path root;
  private final int port = Program.freePort();
  private final ProcessHandle server;
  private final List<Contender> contenders;

  /// One contender in one scenario.
  private record Lane(Program program, Generator generator, Figures figures, List<Request> ends) {}

  Stand(Path root, Plan plan, List<Contender> contenders) throws IOException {
    this.root = root;
    this.plan = plan;
    this.contenders = contenders;
    this.server =
        Program.start(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Upstream.class.getName(),
                String.valueOf(port)),
            root.resolve("bench/target/runs/upstream"),
            port);
  }

  /// Puts every contender under the load of every scenario. Scenarios of one setup that follow each
  /// other meet the same programs.
  List<Figures> run(List<Scenario> scenarios) throws IOException {
    var figures = new ArrayList<Figures>();
    for (int from = 0, to; from < scenarios.size(); from = to) {
      var setup = scenarios.get(from).setup();
      to = from + 1;
      while (to < scenarios.size() && scenarios.get(to).setup().equals(setup)) {
        to++;
      }
      figures.addAll(runOne(setup, scenarios.subList(from, to)));
    }
    return figures;
  }

  private List<Figures> runOne(Setup setup, List<Scenario> scenarios) throws IOException {
    var programs = new LinkedHashMap<Contender, Program>();
    var failures = new LinkedHashMap<Contender, String>();
    boolean variants = scenarios.stream().anyMatch(Scenario::variants);
    for (var contender : contenders) {
      var unfit = contender.unfit(setup);
      if (!unfit.isEmpty()) {
        failures.put(contender, unfit);
      } else if (variants || !contender.can(Contender.Skill.VARIANT)) {
        start(contender, setup, programs, failures);
      }
    }
    try {
      var figures = new ArrayList<Figures>();
      for (var scenario : scenarios) {
        figures.addAll(Report.print(measure(scenario, programs, failures)));
      }
      return figures;
    } finally {
      programs.values().forEach(Program::close);
    }
  }

  Program start(Contender contender, Setup setup) throws IOException {
    return Program.start(contender, setup, root, server, port);
  }

  private void start(
      Contender contender,
      Setup setup,
      Map<Contender, Program> programs,
      Map<Contender, String> failures) {
    try {
      programs.put(contender, start(contender, setup));
    } catch (IOException failure) {
      failures.put(contender, failure.getMessage());
    }
  }

  private List<Figures> measure(
      Scenario scenario, Map<Contender, Program> programs, Map<Contender, String> failures) {
    var all = new ArrayList<Figures>();
    var lanes = new ArrayList<Lane>();
    for (var contender : contenders) {
      if (contender.can(Contender.Skill.VARIANT) && !scenario.variants()) {
        continue;
      }
      var figures = new Figures(scenario.name(), contender.name());
      all.add(figures);
      var program = programs.get(contender);
      if (program == null) {
        figures.fail(failures.get(contender));
        continue;
      }
      if (scenario.connections() > CROWD && program.rate() < SLOW) {
        figures.fail("left out: %.0f calls/s with fewer connections".formatted(program.rate()));
        continue;
      }
      try {
        var ends = scenario.idle(program.endpoint());
        lanes.add(new Lane(program, generator(program, scenario), figures, ends));
      } catch (IOException failure) {
        figures.fail(String.valueOf(failure.getMessage()));
      }
    }
    rounds(lanes, scenario.paced());
    return all;
  }

  /// Connects; a program that has just begun may not know its servers yet.
  static Generator generator(Program program, Scenario scenario) throws IOException {
    while (true) {
      try {
        return scenario.generator(program);
      } catch (IOException failure) {
        if (!program.isYoung()) {
          throw failure;
        }
        LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
      }
    }
  }

  private void rounds(List<Lane> lanes, boolean paced) {
    each(lanes, this::warm);
    for (int round = 0; round < plan.rounds(); round++) {
      each(lanes, this::hurry);
    }
    if (paced) {
      each(lanes, this::walk);
    }
    for (var lane : lanes) {
      try (var _ = lane.generator()) {
        lane.figures().setMegabytes(Cpu.megabytes(lane.program().process()));
        end(lane);
      } catch (IOException failure) {
        lane.figures().fail(String.valueOf(failure.getMessage()));
      }
    }
  }

  private static void end(Lane lane) throws IOException {
    try (var connection = Connection.plain(lane.program().endpoint())) {
      for (var request : lane.ends()) {
        connection.exchange(request);
        connection.response.clear();
      }
    }
  }

  /// Something that is done to one of them.
  private interface Step {
    void on(Lane lane) throws IOException;
  }

  private static void each(List<Lane> lanes, Step step) {
    for (var lane : lanes) {
      if (!lane.figures().failure().isEmpty()) {
        continue;
      }
      try {
        step.on(lane);
      } catch (IOException failure) {
        lane.figures().fail(String.valueOf(failure.getMessage()));
      }
    }
  }

  /// Until its compilers, if it has any, have little left to do.
  private void warm(Lane lane) throws IOException {
    var process = lane.program().process();
    boolean compiles = lane.program().contender().can(Contender.Skill.JVM);
    long calls = 0;
    var spent = Duration.ZERO;
    double share;
    do {
      double before = Cpu.compilerMicros(process);
      calls += lane.generator().closed(plan.warm()).calls();
      spent = spent.plus(plan.warm());
      share = (Cpu.compilerMicros(process) - before) * 1000 / plan.warm().toNanos();
    } while (compiles
        && (calls < plan.warmCalls() || share > COMPILING)
        && spent.compareTo(plan.warmAtMost()) < 0);
  }

  private void hurry(Lane lane) throws IOException {
    var process = lane.program().process();
    double before = Cpu.micros(process);
    var sample = lane.generator().closed(plan.busy());
    lane.figures().addBusy(sample, Cpu.micros(process) - before);
    lane.program().rate(sample.callsPerSecond());
  }

  private void walk(Lane lane) throws IOException {
    double rate = lane.figures().callsPerSecond() / 2;
    lane.figures().addPaced(lane.generator().open(rate, plan.paced()));
  }

  @Override
  public void close() {
    Program.kill(server);
  }
}
