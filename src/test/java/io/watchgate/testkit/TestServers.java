package io.watchgate.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How tests start fixture servers.
public final class TestServers {
  private TestServers() {}

  /// The command line of a [FixtureServer] on stdio, on the JVM and class path of this test.
  ///
  /// @param flags as [FixtureOptions] describes them
  public static List<String> command(String... flags) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx256m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(FixtureServer.class.getName());
    command.addAll(List.of(flags));
    return List.copyOf(command);
  }
}
