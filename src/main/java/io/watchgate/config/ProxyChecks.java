package io.watchgate.config;

import io.watchgate.config.GatewayConfig.Transport;
import java.time.Duration;
import java.util.List;

/// Checks of keys that depend on other keys, outside the servers.
final class ProxyChecks {
  private ProxyChecks() {}

  static void check(Values root, Values proxy) {
    checkTransport(root, proxy);
    checkTimeouts(proxy.section(ProxyKeys.TIMEOUTS));
    checkUpstreams(root, proxy);
    checkLogging(root.section(RootKeys.LOGGING));
  }

  private static void checkTransport(Values root, Values proxy) {
    var http = proxy.section(ProxyKeys.HTTP);
    if (proxy.get(ProxyKeys.TRANSPORT) != Transport.HTTP) {
      return;
    }
    var isOpen = !Locations.isLoopback(http.get(ProxyKeys.HOST));
    if (isOpen && !http.wrote(ProxyKeys.BEARER_TOKENS)) {
      http.at(ProxyKeys.HOST).problem(Overrides.withoutToken(http.get(ProxyKeys.HOST)));
    } else if (isOpen && http.get(ProxyKeys.BEARER_TOKENS).isEmpty()) {
      http.at(ProxyKeys.BEARER_TOKENS).problem(Overrides.withoutToken(http.get(ProxyKeys.HOST)));
    }
    var admin = root.section(RootKeys.ADMIN);
    var port = admin.get(RootKeys.ADMIN_PORT);
    if (admin.get(RootKeys.ADMIN_ENABLED) && port != 0 && port.equals(http.get(ProxyKeys.PORT))) {
      admin.at(RootKeys.ADMIN_PORT).problem("proxy.http.port is " + port + " already");
    }
  }

  /// Only what was written is compared: Gatekit's files know no largest time.
  private static void checkTimeouts(Values timeouts) {
    var most = timeouts.find(ProxyKeys.MAX_REQUEST_TIMEOUT);
    most.ifPresent(limit -> checkNotAbove(limit, timeouts, ProxyKeys.REQUEST_TIMEOUT));
  }

  static void checkNotAbove(Duration limit, Values values, Key<Duration> key) {
    values
        .find(key)
        .filter(written -> written.compareTo(limit) > 0)
        .ifPresent(written ->
            values
                .at(key)
                .problem(
                    Quantities.shown(written)
                        + " is longer than proxy.timeouts.max_request_timeout, "
                        + Quantities.shown(limit)));
  }

  private static void checkUpstreams(Values root, Values proxy) {
    var hasList = proxy.wrote(ProxyKeys.UPSTREAMS);
    var hasOne = proxy.wrote(ProxyKeys.UPSTREAM);
    if (hasList && hasOne) {
      proxy.at(ProxyKeys.UPSTREAM).problem("write upstreams or the old upstream, not both");
    } else if (!hasList && !hasOne && root.wrote(RootKeys.PROXY)) {
      var place = root.at(RootKeys.PROXY);
      if (place.value() instanceof Yaml.Mapping) {
        place.problem("the key \"upstreams\" is missing, a gateway needs at least one server");
      }
    }
  }

  private static void checkLogging(Values logging) {
    var handlers = logging.find(RootKeys.HANDLERS).orElse(List.of());
    if (handlers.contains(RootKeys.LogHandler.FILE) && !logging.wrote(RootKeys.FILE_PATH)) {
      logging.at(RootKeys.HANDLERS).problem("the handler file needs logging.file_path");
    }
  }
}
