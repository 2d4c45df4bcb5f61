package io.watchgate.admin;

import java.util.Optional;

/// Where the admin listener learns how the gateway is. Asked on many threads at once.
public interface StatusSource {

  /// Whether clients are served: false before the gateway listens and once it drains.
  boolean isServing();

  /// Why clients are served in name only, empty when all is well.
  Optional<String> trouble();

  GatewayStatus status();
}
