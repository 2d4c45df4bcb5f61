package io.watchgate.bench;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A way from clients to a server that is measured: how it is started and spoken to. In its texts
/// stand names such as `@PORT@` for what is known only then.
///
/// @param program the file without which it is not there
/// @param get what it is called where it comes from
/// @param template the file in `contenders` that its configuration is made of, empty for none
/// @param command empty when there is no program between
/// @param environment variables that it is started with
/// @param path where clients find it
/// @param prefix what its names of tools begin with
/// @param headers further header lines of requests
record Contender(
    String name,
    String program,
    String get,
    String template,
    Servers servers,
    List<String> command,
    Map<String, String> environment,
    String path,
    String prefix,
    String headers,
    EnumSet<Skill> skills) {

  /// What not all of them can.
  enum Skill {
    /// has no program of its own
    STRAIGHT,
    /// passes bytes on without a look at them
    BLIND,
    /// is Watchgate itself, without plugins
    MAIN,
    /// is another Watchgate, which takes part only where its plugins are what is measured
    VARIANT,
    /// runs in a JVM, which needs more to get warm
    JVM,
    HTTP_SERVERS,
    STDIO_SERVERS,
    MANY_SERVERS,
    STATELESS
  }

  /// How a configuration names servers.
  ///
  /// @param http one that is reached by HTTP
  /// @param stdio one that is a child process
  /// @param between what stands between two
  record Servers(String http, String stdio, String between) {
    static final Servers NONE = new Servers("", "", "");
  }

  /// Whether it is one of those that all this is about.
  boolean isPeer() {
    return !can(Skill.BLIND) && !can(Skill.MAIN) && !can(Skill.VARIANT);
  }

  /// Its name as one word: `mcp-proxy-rust`.
  String word() {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("-$", "");
  }

  boolean can(Skill skill) {
    return skills.contains(skill);
  }

  /// Why it cannot be measured so, or nothing.
  String unfit(Setup setup) {
    if (setup.era() == Era.STATELESS && !can(Skill.STATELESS)) {
      return "does not speak " + Era.STATELESS.version();
    }
    if (command.isEmpty() && !can(Skill.STRAIGHT)) {
      return "has only the transport of 2024-11-05 for clients, which the generator does not speak";
    }
    if (setup.stdio() ? !can(Skill.STDIO_SERVERS) : !can(Skill.HTTP_SERVERS)) {
      return setup.stdio() ? "has no stdio servers" : "has stdio servers only";
    }
    if (setup.servers() > 1 && !can(Skill.MANY_SERVERS) && !can(Skill.BLIND)) {
      return "joins no servers";
    }
    return "";
  }
}
