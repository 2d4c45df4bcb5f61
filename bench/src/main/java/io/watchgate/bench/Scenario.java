package io.watchgate.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// One load that contenders are put under.
///
/// @param tool the tool that is called, empty for a list, `-` for sessions that begin and end
/// @param argumentBytes how long the argument of a call is
/// @param paced whether it is also measured at half of the rate that was reached
/// @param variants whether Watchgate is measured with its plugins as well
/// @param idleSessions how many other sessions are open meanwhile
record Scenario(
    String name,
    Setup setup,
    int connections,
    String tool,
    int argumentBytes,
    boolean paced,
    boolean variants,
    int idleSessions) {

  private static final int SMALL = 180;
  private static final int LARGE = 20_000;

  static Scenario call(String name, Setup setup, int connections, String tool) {
    int bytes = tool.equals(Site.LARGE) ? LARGE : SMALL;
    return new Scenario(name, setup, connections, tool, bytes, false, false, 0);
  }

  static Scenario list(String name, Setup setup) {
    return new Scenario(name, setup, 8, "", 0, false, false, 0);
  }

  static Scenario sessions(String name) {
    return new Scenario(name, Setup.PLAIN, 32, "-", 0, false, false, 0);
  }

  Scenario andPaced() {
    return new Scenario(
        name, setup, connections, tool, argumentBytes, true, variants, idleSessions);
  }

  Scenario andVariants() {
    return new Scenario(name, setup, connections, tool, argumentBytes, paced, true, idleSessions);
  }

  Scenario amidSessions(int count) {
    return new Scenario(name, setup, connections, tool, argumentBytes, paced, variants, count);
  }

  Generator generator(Program program) throws IOException {
    if (tool.equals("-")) {
      return Generator.sessions(program.endpoint(), connections);
    }
    return Generator.repeating(
        program.endpoint(), connections, operation(program.contender().prefix()));
  }

  private Operation operation(String prefix) {
    if (tool.isEmpty()) {
      return Operation.list(setup.servers() * setup.tools());
    }
    int answer = tool.equals(Site.LARGE) ? Site.LARGE_BYTES : Site.SMALL_BYTES;
    return Operation.call(prefix + tool, argumentBytes, Texts.ofLength(answer));
  }

  /// The call that is made most.
  static Operation smallCall(String prefix) {
    return Operation.call(prefix + Site.SMALL, SMALL, Texts.ofLength(Site.SMALL_BYTES));
  }

  /// Begins the other sessions, one after the other on one connection.
  ///
  /// @return the requests that end them
  List<Request> idle(Endpoint endpoint) throws IOException {
    var ends = new ArrayList<Request>();
    try (var connection = Connection.plain(endpoint)) {
      for (int i = 0; i < idleSessions; i++) {
        ends.add(endpoint.delete(connection.begin()));
      }
    }
    return ends;
  }
}
