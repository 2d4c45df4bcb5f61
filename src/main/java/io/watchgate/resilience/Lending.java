package io.watchgate.resilience;

import io.watchgate.flow.Layer;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Overloaded;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps a server that hangs from taking all places of the gateway.
///
/// A server is stuck when it answered nothing for a while and holds more than its share of the
/// gateway's places, which is all of them by the number of servers. What it holds beyond that is
/// lent: as many more calls may be in flight, never more than as many again. A call that comes in
/// while places are lent is refused when it is for a server that is stuck.
///
/// Nothing is refused by this that would not have been refused without it: a server that is only
/// busy can have all places that are free.
public final class Lending {
  /// Longer than most answers take, and short enough that others are hardly turned away meanwhile.
  /// To take a busy server for a stuck one does little harm.
  static final Duration SILENCE = Duration.ofSeconds(2);

  private volatile @Nullable Sharing sharing;

  /// The places of a gateway, and the servers among which they are shared.
  private record Sharing(ConcurrencyLimit gateway, List<ConcurrencyLimit> servers) {
    int share() {
      return Math.max(1, gateway.limit() / Math.max(1, servers.size()));
    }

    int lent() {
      int most = share();
      int stuck = servers.stream().mapToInt(server -> server.stuckBeyond(most, SILENCE)).sum();
      return Math.min(gateway.limit(), stuck);
    }
  }

  /// From now on the places of this gateway are shared by these servers.
  public void shareAmong(ConcurrencyLimit gateway, List<ConcurrencyLimit> servers) {
    var next = new Sharing(gateway, List.copyOf(servers));
    sharing = next;
    gateway.lend(next::lent);
  }

  /// Comes before the limit of a server.
  public Layer before(ConcurrencyLimit server) {
    return inner ->
        call -> {
          var now = sharing;
          if (now != null) {
            requireNotStuck(server, now);
          }
          return inner.handle(call);
        };
  }

  private static void requireNotStuck(ConcurrencyLimit server, Sharing now) {
    int most = now.share();
    boolean isLent = now.gateway.inFlight() > now.gateway.limit();
    if (isLent && server.stuckBeyond(most, SILENCE) > 0) {
      throw new Rejection(new Overloaded(server.where(), server.inFlight(), most, SILENCE));
    }
  }
}
