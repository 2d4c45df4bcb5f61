package io.watchgate.peers;

import io.watchgate.Main;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Ways from a client to servers: the client's own connection to each, or one through the gateway.
enum Route {
  STRAIGHT,
  THROUGH_STDIO,
  THROUGH_HTTP;

  /// Connects to servers; the client's only root is the directory.
  Connected connect(Path directory, Map<String, Upstream> upstreams) {
    String root = directory.toUri().toString();
    return switch (this) {
      case STRAIGHT -> straight(upstreams, root);
      case THROUGH_STDIO -> overStdio(command(directory, upstreams, "stdio"), root);
      case THROUGH_HTTP -> overHttp(command(directory, upstreams, "http"), root);
    };
  }

  private static List<String> command(
      Path directory, Map<String, Upstream> upstreams, String transport) {
    String file = Launch.configuration(directory, upstreams).toString();
    return Launch.java(Main.class, "run", "-c", file, "--transport", transport);
  }

  private static Connected straight(Map<String, Upstream> upstreams, String root) {
    Map<String, SdkPeer> peers = new LinkedHashMap<>();
    upstreams.forEach(
        (name, upstream) -> peers.put(name, SdkPeer.connect(upstream.transport(), root)));
    return new Connected(peers, "", List.of(() -> peers.values().forEach(SdkPeer::close)));
  }

  private static Connected overStdio(List<String> command, String root) {
    SdkPeer peer = SdkPeer.connect(Launch.stdio(command, Map.of()), root);
    return new Connected(Map.of("", peer.complete()), "__", List.of(peer::close));
  }

  private static Connected overHttp(List<String> command, String root) {
    List<String> full = new ArrayList<>(command);
    full.addAll(List.of("--port", "0"));
    Launch.Listening gateway = Launch.gateway(full);
    try {
      SdkPeer peer = SdkPeer.connect(Launch.http(gateway.base()), root);
      return new Connected(Map.of("", peer.complete()), "__", List.of(peer::close, gateway::close));
    } catch (RuntimeException e) {
      gateway.close();
      throw e;
    }
  }

  /// Clients that are connected, and what must be done to end them, in order.
  ///
  /// @param peers by server, or the only one under the empty name
  /// @param separator between a server's name and a tool's, empty when straight
  record Connected(Map<String, SdkPeer> peers, String separator, List<Runnable> closing)
      implements AutoCloseable {

    /// The client that reaches a server.
    SdkPeer peer(String server) {
      SdkPeer peer = peers.get(separator.isEmpty() ? server : "");
      if (peer == null) {
        throw new IllegalArgumentException("no peer for " + server);
      }
      return peer;
    }

    /// A tool's or prompt's name as this route shows it.
    String name(String server, String name) {
      return separator.isEmpty() ? name : server + separator + name;
    }

    @Override
    public void close() {
      closing.forEach(Runnable::run);
    }
  }
}
