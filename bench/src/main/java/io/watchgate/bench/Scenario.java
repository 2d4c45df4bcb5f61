package io.watchgate.bench;

import java.util.List;
import java.util.function.Function;

/// One load that all contenders are put under.
///
/// @param operation what clients ask for, by the prefix of tool names
record Scenario(
    String name, Setup setup, int connections, Function<String, Operation> operation) {

  private static final String SMALL_ANSWER = Texts.ofLength(Site.SMALL_BYTES);

  static Scenario call(String name, Setup setup, int connections, String tool, int bytes) {
    var answer = tool.equals(Site.LARGE) ? Texts.ofLength(Site.LARGE_BYTES) : SMALL_ANSWER;
    return new Scenario(
        name, setup, connections, prefix -> Operation.call(prefix + tool, bytes, answer));
  }

  static List<Scenario> small(Setup setup, int... connections) {
    return java.util.Arrays.stream(connections)
        .mapToObj(
            count ->
                call(
                    "small, " + setup.era().word() + ", " + count, setup, count, Site.SMALL, 180))
        .toList();
  }
}
