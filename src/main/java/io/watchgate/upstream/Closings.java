package io.watchgate.upstream;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// The links to one server that are being closed. A server may take seconds to end: nobody waits
/// for that but who needs its room, and the gateway's own end.
final class Closings {
  private final String server;
  private final Map<Link, CompletableFuture<?>> underWay = new ConcurrentHashMap<>();

  Closings(String server) {
    this.server = server;
  }

  void close(Link link) {
    var end = new CompletableFuture<Void>();
    underWay.put(link, end);
    Thread.ofVirtual()
        .name("close " + server)
        .start(() -> {
          try {
            link.close();
          } finally {
            underWay.remove(link);
            end.complete(null);
          }
        });
  }

  int count() {
    return underWay.size();
  }

  /// Completes when all that are under way now have ended.
  CompletableFuture<?> ended() {
    return CompletableFuture.allOf(underWay.values().toArray(CompletableFuture[]::new));
  }
}
