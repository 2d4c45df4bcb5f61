package io.watchgate.testkit;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What a fixture server is told to be. The same flags are taken by the child process and by the
/// server in this process:
///
/// | flag | meaning |
/// |---|---|
/// | `--name N` | the server's name, in its results and resource URIs (default `fixture`) |
/// | `--tools N` | this many more tools, `extra_1` … |
/// | `--page N` | entries on a page of any list (default: everything on one) |
/// | `--startup-delay MS` | waits before `initialize` is answered |
/// | `--mute` | never answers `initialize` |
/// | `--exit N` | writes a line to stderr and exits with this status at once |
/// | `--garbage` | writes lines that are no messages before every message (stdio) |
/// | `--protocol V` | always answers this revision |
/// | `--uri-prefix P` | instead of `fixture://<name>/` |
/// | `--no-tools`, `--no-prompts`, `--no-resources` | leaves the capability out |
/// | `--exit-on-probe` | exits with status 1 when the first request is not `initialize` (stdio) |
/// | `--stubborn` | survives the end of stdin and SIGTERM (stdio) |
/// | `--json` | answers POST with JSON, not with an event stream (HTTP) |
/// | `--late MS` | answers `initialize` up to so late, and 400 for up to so long behind it |
/// | `--slow MS` | answers `initialize` up to so late, and everything before that with 400 (HTTP) |
/// | `--beat` | writes to old streams all the time, and so sees who is gone (HTTP) |
/// | `--prime` | starts every event stream with an event that has an id and no data (HTTP) |
public record FixtureOptions(Map<String, String> flags) {

  private static final Set<String> VALUES =
      Set.of(
          "name",
          "tools",
          "page",
          "late",
          "slow",
          "startup-delay",
          "exit",
          "protocol",
          "uri-prefix");
  private static final Set<String> SWITCHES =
      Set.of(
          "mute",
          "beat",
          "garbage",
          "no-tools",
          "no-prompts",
          "no-resources",
          "exit-on-probe",
          "stubborn",
          "json",
          "prime");

  /// Copies the flags.
  public FixtureOptions {
    flags = Map.copyOf(flags);
  }

  /// Reads flags as they stand on a command line.
  ///
  /// @throws IllegalArgumentException naming the flag that is unknown or lacks its value
  public static FixtureOptions parse(String... arguments) {
    var flags = new TreeMap<String, String>();
    Iterator<String> rest = Arrays.asList(arguments).iterator();
    while (rest.hasNext()) {
      String flag = rest.next().replaceFirst("^--", "");
      if (SWITCHES.contains(flag)) {
        flags.put(flag, "true");
      } else if (VALUES.contains(flag) && rest.hasNext()) {
        flags.put(flag, rest.next());
      } else {
        throw new IllegalArgumentException("unknown flag or value missing: --" + flag);
      }
    }
    return new FixtureOptions(flags);
  }

  boolean has(String flag) {
    return flags.containsKey(flag);
  }

  int number(String flag, int otherwise) {
    String value = flags.get(flag);
    return value == null ? otherwise : Integer.parseInt(value);
  }

  String name() {
    return flags.getOrDefault("name", "fixture");
  }

  String uriPrefix() {
    return flags.getOrDefault("uri-prefix", "fixture://" + name() + "/");
  }

  /// The revision to answer when the client asks for `asked`.
  String protocol(String asked) {
    var known = Set.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25");
    return flags.getOrDefault("protocol", known.contains(asked) ? asked : "2025-11-25");
  }
}
