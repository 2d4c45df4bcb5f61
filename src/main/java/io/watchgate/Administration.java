package io.watchgate;

import io.watchgate.admin.AdminServer;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;

/// The status of a gateway and the admin listener that shows it, where the configuration has one.
/// Starts before the gateway serves and ends after it.
record Administration(LiveStatus status, Optional<AdminServer> server) implements AutoCloseable {

  /// @throws IOException when the admin listener's address cannot be bound
  static Administration start(Gateway gateway) throws IOException {
    var status = new LiveStatus(gateway, InstantSource.system());
    gateway.telemetry().exportMetrics(status::metrics);
    var settings = gateway.config().admin();
    return new Administration(
        status,
        settings.enabled() ? Optional.of(AdminServer.start(settings, status)) : Optional.empty());
  }

  @Override
  public void close() {
    server.ifPresent(AdminServer::close);
  }
}
