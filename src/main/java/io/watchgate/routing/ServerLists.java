package io.watchgate.routing;

import io.watchgate.flow.Server;
import io.watchgate.flow.ServerStatus.State;
import io.watchgate.flow.Session;
import io.watchgate.mcp.ListKind;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// What one server offers to one client, asked for once and kept until the server says that it
/// changed, or for as long as it said. A server that is down or slow keeps its last known entries
/// and delays nobody for longer than a bound.
final class ServerLists {
  /// A server that just starts may take this long before a list goes out without it.
  static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Server server;
  private final Map<ListKind, CachedList> lists = new EnumMap<>(ListKind.class);

  /// @param audience the client that the lists are for
  ServerLists(ListSource source, Session audience, SameListings same) {
    this.server = source.server();
    for (var kind : ListKind.values()) {
      lists.put(kind, new CachedList(kind, source, audience, same));
    }
  }

  /// Lets the lists of the server before stand in until these are read.
  void standIn(ServerLists before) {
    lists.forEach((kind, list) -> {
      if (before.isKnown(kind)) {
        list.standIn(before.snapshot(kind));
      }
    });
  }

  /// Whether the list was read, or something stands in for it.
  boolean isKnown(ListKind kind) {
    return isFresh(kind) || !known(kind).entries().isEmpty();
  }

  /// The entries as they are known now, without asking.
  Listing known(ListKind kind) {
    return list(kind).known().listing();
  }

  /// The list as it is known now, without asking.
  Snapshot snapshot(ListKind kind) {
    return list(kind).known();
  }

  boolean isFresh(ListKind kind) {
    return list(kind).isFresh();
  }

  /// Whether the list is what the server would say now: nothing was heard of a change, its time is
  /// not over, and the server is there.
  boolean isCurrent(ListKind kind) {
    return isFresh(kind) && !list(kind).hasEnded() && server.status().state() == State.READY;
  }

  /// What is known of who has what, asked for only when the server said that it changed: that the
  /// time of a list is over is no reason to wait with a call.
  Listing lookUp(ListKind kind) throws InterruptedException {
    return isFresh(kind) ? known(kind) : get(kind).listing();
  }

  /// Refuses a call as the reading of the list was refused, where that took all the time that there
  /// is for connecting: the call would wait as long again.
  void requireReached(ListKind kind) {
    list(kind)
        .unreached()
        .ifPresent(why -> {
          throw why;
        });
  }

  /// The list, asked for when it is not current; waits at most {@link #PATIENCE}.
  Snapshot get(ListKind kind) throws InterruptedException {
    var cached = list(kind);
    if (isCurrent(kind)) {
      return cached.known();
    }
    boolean contacted = server.awaitFirstContact(PATIENCE);
    var status = server.status();
    // A client's own session may still be on its way to a server that others reached before.
    if (status.state() != State.READY && !(contacted && status.state() == State.CONNECTING)) {
      return cached.outdated(status.unavailable().orElse("not connected"));
    }
    return cached.refresh(PATIENCE);
  }

  /// The list, asked for anew when what is known is not brand-new.
  Listing reread(ListKind kind) throws InterruptedException {
    if (list(kind).isOlderThan(Duration.ofSeconds(1))) {
      list(kind).invalidate();
    }
    return get(kind).listing();
  }

  /// Forgets that a list is fresh; true when it was.
  boolean invalidate(ListKind kind) {
    return list(kind).invalidate();
  }

  private CachedList list(ListKind kind) {
    return Objects.requireNonNull(lists.get(kind));
  }
}
