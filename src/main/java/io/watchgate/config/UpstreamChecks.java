package io.watchgate.config;

import io.watchgate.config.UpstreamKeys.Channel;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Checks of the servers: each by itself, and their names among each other.
final class UpstreamChecks {
  /// Headers that the transport writes itself.
  private static final Set<String> OWN_HEADERS =
      Set.of(
          "accept",
          "connection",
          "content-length",
          "content-type",
          "mcp-protocol-version",
          "mcp-session-id",
          "transfer-encoding",
          "upgrade");

  private UpstreamChecks() {}

  static void check(List<Values> upstreams, Values proxy) {
    upstreams.forEach(upstream -> checkOne(upstream, proxy));
    checkNames(upstreams, proxy);
  }

  /// False when a name is there and cannot be read.
  static boolean isNameKnown(Values upstream) {
    return !upstream.wrote(UpstreamKeys.NAME) || upstream.find(UpstreamKeys.NAME).isPresent();
  }

  private static void checkNames(List<Values> upstreams, Values proxy) {
    Map<String, Integer> lines = new HashMap<>();
    for (var upstream : upstreams) {
      var place = upstream.at(UpstreamKeys.NAME);
      if (upstreams.size() > 1 && !upstream.wrote(UpstreamKeys.NAME)) {
        place.problem(
            "the key \"name\" is missing, each of several upstreams needs one of its own");
      }
      upstream.find(UpstreamKeys.NAME).ifPresent(name -> checkName(name, place, proxy, lines));
    }
  }

  private static void checkName(
      String name, Place place, Values proxy, Map<String, Integer> lines) {
    var separator = proxy.get(ProxyKeys.SEPARATOR);
    if (name.contains(separator)) {
      place.problem("the name \"" + name + "\" contains the separator \"" + separator + "\"");
    }
    var first = lines.putIfAbsent(name, place.value().at().line());
    if (first != null) {
      place.problem("the name \"" + name + "\" is taken by the upstream of line " + first);
    }
  }

  private static void checkOne(Values upstream, Values proxy) {
    checkTarget(upstream);
    checkHeaders(upstream);
    checkRestart(upstream);
    checkBackoff(
        upstream.section(UpstreamKeys.RETRY),
        UpstreamKeys.RETRY_BACKOFF,
        UpstreamKeys.RETRY_MAX_BACKOFF);
    proxy
        .section(ProxyKeys.TIMEOUTS)
        .find(ProxyKeys.MAX_REQUEST_TIMEOUT)
        .ifPresent(
            limit -> ProxyChecks.checkNotAbove(limit, upstream, UpstreamKeys.REQUEST_TIMEOUT));
  }

  private static void checkTarget(Values upstream) {
    var hasCommand = upstream.wrote(UpstreamKeys.COMMAND);
    var hasUrl = upstream.wrote(UpstreamKeys.URL);
    if (hasCommand && hasUrl) {
      upstream.at(UpstreamKeys.URL).problem("a server has a command or a url, not both");
      return;
    } else if (!hasCommand && !hasUrl) {
      upstream.place().problem("a server needs a command (a child process) or a url (a remote)");
      return;
    }
    checkTransport(upstream, hasCommand);
    var others =
        hasCommand
            ? List.of(UpstreamKeys.HEADERS)
            : List.of(UpstreamKeys.ENV, UpstreamKeys.INHERIT_ENV, UpstreamKeys.CWD);
    others.stream()
        .filter(upstream::wrote)
        .forEach(key -> upstream.at(key).problem("does nothing for " + kind(hasCommand)));
    upstream
        .find(UpstreamKeys.COMMAND)
        .filter(command -> command.getFirst().isBlank())
        .ifPresent(command -> upstream.at(UpstreamKeys.COMMAND).problem("the program is empty"));
  }

  private static void checkTransport(Values upstream, boolean hasCommand) {
    upstream
        .find(UpstreamKeys.TRANSPORT)
        .filter(transport -> hasCommand != (transport == Channel.STDIO))
        .ifPresent(transport ->
            upstream
                .at(UpstreamKeys.TRANSPORT)
                .problem(
                    transport.name().toLowerCase(Locale.ROOT)
                        + " does not fit "
                        + kind(hasCommand)));
  }

  private static String kind(boolean hasCommand) {
    return hasCommand ? "a server with a command" : "a server with a url";
  }

  private static void checkHeaders(Values upstream) {
    Set<String> seen = new HashSet<>();
    for (var name : upstream.find(UpstreamKeys.HEADERS).orElse(Map.of()).keySet()) {
      var lower = name.toLowerCase(Locale.ROOT);
      if (OWN_HEADERS.contains(lower)) {
        upstream.at(UpstreamKeys.HEADERS).problem(name + " is written by the gateway itself");
      } else if (!seen.add(lower)) {
        upstream.at(UpstreamKeys.HEADERS).problem(name + " is there twice but for its case");
      }
    }
  }

  private static void checkRestart(Values upstream) {
    var restart = upstream.section(UpstreamKeys.RESTART);
    if (restart.wrote(UpstreamKeys.RESTART_ATTEMPTS)
        && upstream.wrote(UpstreamKeys.MAX_RESTART_ATTEMPTS)) {
      upstream
          .at(UpstreamKeys.MAX_RESTART_ATTEMPTS)
          .problem("restart.max_attempts says the same, write one of them");
    }
    checkBackoff(restart, UpstreamKeys.RESTART_BACKOFF, UpstreamKeys.RESTART_MAX_BACKOFF);
  }

  private static void checkBackoff(Values section, Key<Duration> firstKey, Key<Duration> mostKey) {
    var first = section.find(firstKey);
    var most = section.find(mostKey);
    if (most.isPresent() && first.isPresent() && first.get().compareTo(most.get()) > 0) {
      section.at(firstKey).problem("it is longer than max_backoff");
    }
  }
}
