package io.watchgate.admin;

import io.watchgate.telemetry.Family;
import java.util.List;
import java.util.Optional;

/// Where the admin listener learns how the gateway is. Asked on many threads at once.
public interface StatusSource {

  /// Whether clients are served: false before the gateway listens and once it drains.
  boolean isServing();

  /// Why clients are served in name only, empty when all is well.
  Optional<String> trouble();

  GatewayStatus status();

  /// All that is counted, by names of which each is there once.
  List<Family> metrics();
}
