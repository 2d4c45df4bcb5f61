package io.watchgate.bench;

/// What stands behind the gateways.
///
/// @param servers how many there are
/// @param tools how many each of them has
/// @param stdio whether they are child processes
record Setup(Era era, int servers, int tools, boolean stdio) {
  static final Setup PLAIN = new Setup(Era.HANDSHAKE, 1, 10, false);

  Setup with(Era other) {
    return new Setup(other, servers, tools, stdio);
  }

  Setup with(int otherServers, int otherTools) {
    return new Setup(era, otherServers, otherTools, stdio);
  }

  Setup withStdio() {
    return new Setup(era, servers, tools, true);
  }
}
