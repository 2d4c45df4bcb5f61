package io.watchgate.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What is measured, in parts that can be asked for by their names. Scenarios of one setup that
/// follow each other share the programs.
final class Parts {
  static final String SMALL = "small, %s, %d";
  static final String LARGE = "300 KB answer, 8";
  static final String LIST = "tools/list of %d tools over 10 servers";
  static final String CHILD = "stdio server, 32";

  private Parts() {}

  /// The scenarios by the name of their part.
  private static Map<String, List<Scenario>> all() {
    var plain = Setup.PLAIN;
    var parts = new LinkedHashMap<String, List<Scenario>>();
    parts.put("small", small(plain));
    parts.put("large", List.of(Scenario.call(LARGE, plain, 8, Site.LARGE)));
    parts.put("events", List.of(Scenario.call("answer as an event, 32", plain, 32, Site.EVENTS)));
    parts.put("slow", List.of(Scenario.call("server of 10 ms, 256", plain, 256, Site.SLOW)));
    parts.put("sessions", List.of(Scenario.sessions("session begun and ended, 32")));
    parts.put("stateless", small(plain.with(Era.STATELESS)));
    parts.put("lists", IntStream.of(1, 10, 100).mapToObj(Parts::list).toList());
    parts.put("child", List.of(Scenario.call(CHILD, plain.withStdio(), 32, Site.SMALL)));
    return parts;
  }

  /// The scenarios of these parts; of all but the growth when there are no names.
  static List<Scenario> named(List<String> names) {
    var scenarios = new ArrayList<Scenario>();
    all()
        .forEach((name, part) -> {
          if (names.isEmpty() || names.contains(name)) {
            scenarios.addAll(part);
          }
        });
    if (names.contains("growth")) {
      scenarios.addAll(growth());
    }
    return scenarios;
  }

  /// How the cost of a call grows with everything that there can be many of.
  private static List<Scenario> growth() {
    var growth = new ArrayList<Scenario>();
    for (int servers : List.of(1, 10, 50, 200)) {
      var setup = Setup.PLAIN.with(servers, 10);
      growth.add(Scenario.call("servers: " + servers, setup, 32, Site.SMALL));
    }
    for (int tools : List.of(10, 100, 1000, 10_000)) {
      var setup = Setup.PLAIN.with(1, tools);
      growth.add(Scenario.call("tools: " + tools, setup, 32, Site.SMALL));
    }
    for (int sessions : List.of(0, 100, 1000, 9000)) {
      var call = Scenario.call("other sessions: " + sessions, Setup.PLAIN, 32, Site.SMALL);
      growth.add(call.amidSessions(sessions));
    }
    for (int calls : List.of(1, 32, 256, 1000, 4000)) {
      growth.add(Scenario.call("in flight: " + calls, Setup.PLAIN, calls, Site.SLOW));
    }
    return growth;
  }

  private static List<Scenario> small(Setup setup) {
    var scenarios = new ArrayList<Scenario>();
    for (int connections : List.of(1, 32, 256)) {
      var name = SMALL.formatted(setup.era().word(), connections);
      var scenario = Scenario.call(name, setup, connections, Site.SMALL);
      boolean main = connections == 32;
      scenarios.add(main ? scenario.andPaced().andVariants() : scenario);
    }
    return scenarios;
  }

  private static Scenario list(int each) {
    return Scenario.list(LIST.formatted(each * 10), Setup.PLAIN.with(10, each));
  }
}
