package io.watchgate.resilience;

import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Session;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who holds how many places of a limit, and what has to be left for others where nobody can wait.
///
/// Whoever is refused has a claim from then on, until it has made no call for a while. A client
/// that holds its fair share or more leaves a part of the places alone for each other one with a
/// claim: these find a place when they come again. As long as nobody was refused, nothing is held
/// back, and a client alone gets all places.
///
/// A share is that of a principal first, then that of a session in it. Guarded by the limit's lock.
final class Shares {
  /// How long a claim outlives the last call: longer than any client is told to stay away.
  private static final Duration CLAIM = Duration.ofSeconds(30);

  private static final Duration SWEEP = Duration.ofSeconds(1);

  /// What is left alone for one other client, as a part of all: enough for a few calls at once.
  private static final int PART = 10;

  /// Sessions of one principal that are told apart; more than that share one account.
  private static final int MAX_MEMBERS = 10_000;

  private final Account all = new Account(null);
  private final Account background = new Account(null);
  private long sweptNanos;

  Shares(long now) {
    sweptNanos = now;
  }

  /// Calls of the gateway itself have no share and no claim: they take what is left.
  Account of(Session who, long now) {
    if (now - sweptNanos >= SWEEP.toNanos()) {
      sweptNanos = now;
      all.forget(now);
    }
    return who == GatewayClient.INSTANCE
        ? background
        : all.member(who.principal()).member(who.key());
  }

  /// What one client, or a group of them, holds.
  static final class Account {
    private final @Nullable Account group;
    private final Map<String, Account> members = new HashMap<>();
    private int held;
    private int claims;
    private boolean hasClaim;
    private long seenNanos;

    private Account(@Nullable Account group) {
      this.group = group;
    }

    private Account member(String key) {
      var known = members.get(key);
      if (known != null) {
        return known;
      }
      var name = members.size() < MAX_MEMBERS ? key : "";
      return members.computeIfAbsent(name, _ -> new Account(this));
    }

    /// Places of this many that are not for this client now, though they may be free.
    int leftAlone(int places) {
      if (group == null) {
        return 0;
      }
      int others = othersWithClaim();
      boolean isModest = held < share(places);
      int mine = isModest ? 0 : Math.min(places / 2, others * Math.ceilDiv(places, PART));
      return Math.max(mine, group.leftAlone(places));
    }

    private int share(int places) {
      return group == null ? places : Math.max(1, group.share(places) / (othersWithClaim() + 1));
    }

    private int othersWithClaim() {
      return group == null ? 0 : group.claims - (hasClaim ? 1 : 0);
    }

    void took(long now) {
      held++;
      seenNanos = now;
      if (group != null) {
        group.took(now);
      }
    }

    void gaveBack() {
      held--;
      if (group != null) {
        group.gaveBack();
      }
    }

    void refused(long now) {
      seenNanos = now;
      if (group != null) {
        group.claims += hasClaim ? 0 : 1;
        hasClaim = true;
        group.refused(now);
      }
    }

    /// Drops claims that ended, and accounts without any.
    ///
    /// @return whether this one can be dropped as well
    private boolean forget(long now) {
      members.values().removeIf(member -> member.forget(now));
      if (hasClaim && held == 0 && now - seenNanos > CLAIM.toNanos() && group != null) {
        hasClaim = false;
        group.claims--;
      }
      return held == 0 && !hasClaim && members.isEmpty();
    }
  }
}
