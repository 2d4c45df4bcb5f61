package io.watchgate.config;

import io.watchgate.downstream.HttpSettings;
import java.util.ArrayList;
import java.util.List;

/// What of a configuration holds for as long as the gateway runs: it listens where it listens.
public final class Fixed {
  private Fixed() {}

  /// The keys of another configuration that only a new start can follow.
  public static List<String> differences(GatewayConfig running, GatewayConfig next) {
    var keys = new ArrayList<String>();
    compare("proxy.transport", running.transport(), next.transport(), keys);
    compare("proxy.http.host", running.http().host(), next.http().host(), keys);
    compare("proxy.http.port", running.http().port(), next.http().port(), keys);
    compare("proxy.http.path", running.http().path(), next.http().path(), keys);
    var limits = running.limits();
    compare("proxy.limits.max_message_bytes", limits.maxBytes(), next.limits().maxBytes(), keys);
    compare("proxy.limits.max_depth", limits.maxDepth(), next.limits().maxDepth(), keys);
    compare("admin", running.admin(), next.admin(), keys);
    compare("telemetry", running.telemetry(), next.telemetry(), keys);
    compare("agents", running.agents(), next.agents(), keys);
    return List.copyOf(keys);
  }

  private static void compare(String key, Object running, Object next, List<String> different) {
    if (!running.equals(next)) {
      different.add(key);
    }
  }

  /// Another configuration as far as it can be followed without a new start.
  public static GatewayConfig keep(GatewayConfig running, GatewayConfig next) {
    var http =
        new HttpSettings(
            running.http().host(),
            running.http().port(),
            running.http().path(),
            next.http().allowedOrigins(),
            next.http().allowedHosts(),
            next.http().bearerTokens());
    return new GatewayConfig(
        running.transport(),
        http,
        next.separator(),
        next.maxRequestTimeout(),
        next.concurrency(),
        next.adaptiveLimits(),
        running.limits(),
        next.upstreams(),
        next.plugins(),
        running.admin(),
        next.logging(),
        running.telemetry(),
        running.agents(),
        next.inactive());
  }
}
