package io.watchgate.upstream;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// The links to one server that are being closed. A server may take seconds to end: nobody waits
/// for that but who needs its room, and the gateway's own end.
final class Closings {
  private final String server;
  private final Set<CompletableFuture<?>> underWay = ConcurrentHashMap.newKeySet();

  Closings(String server) {
    this.server = server;
  }

  void close(Link link) {
    var end = new CompletableFuture<Void>();
    underWay.add(end);
    Thread.ofVirtual()
        .name("close " + server)
        .start(() -> {
          try {
            link.close();
          } finally {
            underWay.remove(end);
            end.complete(null);
          }
        });
  }

  int count() {
    return underWay.size();
  }

  /// Completes when all that are under way now have ended.
  CompletableFuture<?> ended() {
    return CompletableFuture.allOf(underWay.toArray(CompletableFuture[]::new));
  }
}
