package io.watchgate.bench;

import io.watchgate.bench.Contender.Servers;
import io.watchgate.bench.Contender.Skill;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// All that are measured.
final class Contenders {
  private static final List<Contender> OURS =
      List.of(
          new Contender(
              "straight",
              "",
              "",
              "",
              Servers.NONE,
              List.of(),
              Map.of(),
              "",
              "",
              "",
              EnumSet.of(Skill.STRAIGHT, Skill.BLIND, Skill.HTTP_SERVERS, Skill.STATELESS)),
          new Contender(
              "nginx",
              "/usr/sbin/nginx",
              "nginx-light (Debian)",
              "nginx.conf",
              Servers.NONE,
              List.of("/usr/sbin/nginx", "-c", "@CONFIG@", "-p", "@DIR@"),
              Map.of(),
              "",
              "",
              "",
              EnumSet.of(Skill.BLIND, Skill.HTTP_SERVERS, Skill.STATELESS)),
          new Contender(
              "haproxy",
              "/usr/sbin/haproxy",
              "haproxy (Debian)",
              "haproxy.cfg",
              Servers.NONE,
              List.of("/usr/sbin/haproxy", "-f", "@CONFIG@"),
              Map.of(),
              "",
              "",
              "",
              EnumSet.of(Skill.BLIND, Skill.HTTP_SERVERS, Skill.STATELESS)),
          watchgate("watchgate", Skill.MAIN),
          watchgate("watchgate-default", Skill.VARIANT),
          watchgate("watchgate-scanners", Skill.VARIANT));

  static final List<Contender> ALL = Stream.concat(OURS.stream(), Peers.ALL.stream()).toList();

  private Contenders() {}

  private static Contender watchgate(String name, Skill rank) {
    return new Contender(
        name,
        "@ROOT@/watchgate",
        "this tree",
        name + ".yaml",
        new Servers(
            "    - {name: @NAME@, prefix: @NAME@__, url: '@URL@', @LIMITS@}",
            "    - {name: @NAME@, prefix: @NAME@__, command: ['@COMMAND@', '@TOOLS@'],"
                + " sessions: shared, @LIMITS@}",
            "\n"),
        List.of("@ROOT@/watchgate", "run", "-c", "@CONFIG@"),
        Map.of("XDG_STATE_HOME", "@DIR@/state"),
        "/mcp",
        "s0__",
        "",
        EnumSet.of(
            rank,
            Skill.JVM,
            Skill.HTTP_SERVERS,
            Skill.STDIO_SERVERS,
            Skill.MANY_SERVERS,
            Skill.STATELESS));
  }

  /// Those with these names, without blanks and case; all of them when there are no names.
  static List<Contender> named(List<String> names) {
    return ALL.stream().filter(one -> names.isEmpty() || names.contains(one.word())).toList();
  }
}
