package io.watchgate.upstream;

import io.watchgate.flow.Client;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Session;
import io.watchgate.mcp.Era;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Whose call it is that a server speaks of, when it speaks on no call's own exchange.
///
/// @param era how the server is spoken to
/// @param pendings what is in flight now
record Attribution(Audience audience, Era era, Collection<Pending> pendings) {

  /// Whom a request of the server is for: the call on whose exchange it came, the only call in
  /// flight that may need input, or the session's owner.
  Client asked(@Nullable Pending related) {
    if (related != null) {
      return related.client();
    }
    var inFlight = pendings.stream().filter(Pending::mayRequireInput).limit(2).toList();
    return inFlight.size() == 1 && !audience.isEverybody()
        ? inFlight.getFirst().client()
        : audience.client();
  }

  /// Whose call a log message belongs to: that on whose exchange it came, or the only one that log
  /// messages belong to by the revision of the server or the client; null for nobody's.
  @Nullable Client logged(@Nullable Pending related) {
    if (related != null) {
      return related.client();
    }
    var candidates =
        pendings.stream()
            .filter(pending -> !pending.isListening())
            .map(Pending::client)
            .filter(client -> client.session() != GatewayClient.INSTANCE)
            .filter(client -> isWithinCalls(client.session()))
            .limit(2)
            .toList();
    return candidates.size() == 1 ? candidates.getFirst() : null;
  }

  private boolean isWithinCalls(Session session) {
    return era == Era.STATELESS || session.version().isStateless();
  }
}
