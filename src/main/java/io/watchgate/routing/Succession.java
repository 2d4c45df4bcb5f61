package io.watchgate.routing;

import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.mcp.ListKind;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One router in the place of another: tells each client which of its lists are others now. A list
/// that a client never asked for is none of its own; clients without a session may have asked
/// anywhere, and hear of all that could be another.
record Succession(Router before, Router after) {
  private static final int AT_A_TIME = 8;

  /// Tells those whom it concerns; waits for servers that just start.
  void tell() {
    if (before.places().equals(after.places())) {
      return;
    }
    try (var all = Executors.newFixedThreadPool(AT_A_TIME, Thread.ofVirtual().factory())) {
      after.endpoint().audiences().all().forEach(session -> all.execute(() -> tell(session)));
    }
  }

  private void tell(Session session) {
    try {
      after.prepare(session);
      var changed = EnumSet.noneOf(ListKind.class);
      for (var kind : ListKind.values()) {
        if (isAnother(kind, session)) {
          changed.add(kind);
        }
      }
      for (var method : changed.stream().map(ListKind::changed).collect(Collectors.toSet())) {
        session.tell(Notification.of(method));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isAnother(ListKind kind, Session session) throws InterruptedException {
    var seen = before.catalog().seen(kind, session);
    if (seen.isPresent()) {
      var now = after.catalog().offering(kind, session).list();
      return !seen.get().pages().equals(now.pages());
    }
    return session.version().isStateless() && concerns(kind);
  }

  /// Whether a server came, went or changed its names that may have such a list.
  private boolean concerns(ListKind kind) throws InterruptedException {
    var others = List.of(after.members(), before.members());
    for (var member : others.stream().flatMap(List::stream).filter(this::isOfOneOnly).toList()) {
      var _ = member.server().awaitFirstContact(ServerLists.PATIENCE);
      if (member.mayHaveCapability(kind.capability())) {
        return true;
      }
    }
    return false;
  }

  private boolean isOfOneOnly(Member member) {
    return Stream.of(before, after).anyMatch(router -> !router.places().contains(member.place()));
  }
}
