package io.watchgate.bench;

/// What stands behind the gateways, and what they do with messages.
///
/// @param servers how many there are
/// @param tools how many each of them has
/// @param stdio whether they are child processes
record Setup(Era era, int servers, int tools, boolean stdio, Plugins plugins) {
  static final Setup PLAIN = new Setup(Era.HANDSHAKE, 1, 10, false, Plugins.OFF);

  /// Which plugins of Watchgate run.
  enum Plugins {
    OFF,
    DEFAULT,
    SCANNERS
  }

  Setup with(Plugins others) {
    return new Setup(era, servers, tools, stdio, others);
  }

  Setup with(Era other) {
    return new Setup(other, servers, tools, stdio, plugins);
  }

  Setup with(int otherServers, int otherTools) {
    return new Setup(era, otherServers, otherTools, stdio, plugins);
  }

  Setup withStdio() {
    return new Setup(era, servers, tools, true, plugins);
  }
}
