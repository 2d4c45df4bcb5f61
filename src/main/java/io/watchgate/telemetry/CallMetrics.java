package io.watchgate.telemetry;

import io.watchgate.flow.Histogram;
import io.watchgate.mcp.Method;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// How long calls took as clients see it, by server, method, tool and outcome. Only what the
/// protocol, the configuration or a server's catalog names gets a label, and only so many tools of
/// one server do: what clients write makes no time series. Counting takes no lock.
public final class CallMetrics {
  static final int MAX_TOOLS = 1000;
  static final String OTHER = "other";

  private static final Outcome[] OUTCOMES = Outcome.values();

  private final Map<String, OfServer> servers = new ConcurrentHashMap<>();

  private static final class OfServer {
    final Map<String, Spread> methods = new ConcurrentHashMap<>();
    final Map<String, Spread> tools = new ConcurrentHashMap<>();

    Spread of(String method, String tool) {
      if (method.equals(Method.TOOLS_CALL)) {
        return ofTool(tool.isEmpty() ? OTHER : tool);
      }
      return known(methods, Method.isKnown(method) ? method : OTHER);
    }

    private Spread ofTool(String tool) {
      var known = tools.get(tool);
      return known != null ? known : tools.size() < MAX_TOOLS ? one(tool) : known(tools, OTHER);
    }

    /// Only one thread makes room at a time, so that there are never more.
    private synchronized Spread one(String tool) {
      return known(tools, tools.size() < MAX_TOOLS ? tool : OTHER);
    }

    private static Spread known(Map<String, Spread> spreads, String name) {
      var known = spreads.get(name);
      return known != null ? known : spreads.computeIfAbsent(name, _ -> new Spread());
    }
  }

  /// A histogram for each outcome that there was.
  private static final class Spread {
    private final AtomicReferenceArray<Histogram> byOutcome =
        new AtomicReferenceArray<>(OUTCOMES.length);

    Histogram of(Outcome outcome) {
      int at = outcome.ordinal();
      var known = byOutcome.get(at);
      if (known == null) {
        byOutcome.compareAndSet(at, null, new Histogram());
        known = Objects.requireNonNull(byOutcome.get(at));
      }
      return known;
    }
  }

  /// Counts one call that ended.
  ///
  /// @param name of the server that it went to, empty when the gateway answers by itself
  /// @param tool that is called, as long as its server lists it, else empty
  void add(String name, String method, String tool, Outcome outcome, long nanos) {
    var known = servers.get(name);
    var server = known != null ? known : servers.computeIfAbsent(name, _ -> new OfServer());
    server.of(method, tool).of(outcome).record(nanos);
  }

  /// What was counted.
  ///
  /// @param configured the servers that there are; what others did is forgotten
  public Family family(Set<String> configured) {
    servers.keySet().removeIf(server -> !server.isEmpty() && !configured.contains(server));
    var family =
        Family.histogram(
            "watchgate_call_duration_seconds",
            "How long calls took, as clients see it; upstream is empty for the gateway's own.");
    new TreeMap<>(servers)
        .forEach((server, calls) -> {
          add(family, server, calls.methods, false);
          add(family, server, calls.tools, true);
        });
    return family.build();
  }

  private static void add(
      Family.Builder family, String server, Map<String, Spread> spreads, boolean areTools) {
    new TreeMap<>(spreads)
        .forEach((name, spread) -> {
          for (var outcome : OUTCOMES) {
            var counted = spread.byOutcome.get(outcome.ordinal());
            if (counted != null) {
              family.add(
                  counted,
                  "upstream",
                  server,
                  "method",
                  areTools ? Method.TOOLS_CALL : name,
                  "tool",
                  areTools ? name : "",
                  "outcome",
                  outcome.label());
            }
          }
        });
  }
}
