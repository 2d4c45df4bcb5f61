package io.watchgate.bench;

/// The two ways to speak the protocol: by a session with a handshake, or without one.
enum Era {
  HANDSHAKE("2025-11-25"),
  STATELESS("2026-07-28");

  private final String version;

  Era(String version) {
    this.version = version;
  }

  String version() {
    return version;
  }

  /// As it is written in addresses and figures.
  String word() {
    return this == HANDSHAKE ? "handshake" : "stateless";
  }
}
