package io.watchgate.admin;

/// Where the admin listener learns how the gateway is. Asked on many threads at once.
public interface StatusSource {

  /// Whether clients are served: false before the gateway listens and once it drains.
  boolean isServing();

  GatewayStatus status();
}
