package io.watchgate.routing;

import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Json;
import io.watchgate.mcp.ListKind;
import io.watchgate.mcp.MetaKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Answers requests for lists in the shape of the client's revision. A list that is too long for
/// one page goes out with cursors that only the gateway can make, for one principal, one kind of
/// list, and only as long as the list is the same.
record Lists(Catalog catalog, Cursors cursors) {

  /// Where in a list a page starts, and which list that is.
  private record Place(long version, int page) {
    static Place of(byte[] content) {
      var bytes = ByteBuffer.wrap(content);
      return new Place(bytes.getLong(), bytes.getInt());
    }

    byte[] content() {
      return ByteBuffer.allocate(Long.BYTES + Integer.BYTES).putLong(version).putInt(page).array();
    }
  }

  Json answer(ListKind kind, Optional<Json> cursor, Session session) throws InterruptedException {
    // Before anybody is asked: a cursor that is not ours reaches no server.
    var place = cursor.map(given -> Place.of(cursors.open(given, kind.method(), session)));
    var offering = catalog.offering(kind, session);
    var list = offering.list();
    if (place.isPresent() && place.get().version != list.version()) {
      throw Cursors.invalid("it is of a list that has changed since, start again without one");
    }
    int page = place.map(Place::page).orElse(0);
    return result(list, page, next(list, page, session), shape(offering.hints(), session));
  }

  private Optional<String> next(Merged list, int page, Session session) {
    return page + 1 < list.pages().size()
        ? Optional.of(
            cursors.seal(
                list.kind().method(), session, new Place(list.version(), page + 1).content()))
        : Optional.empty();
  }

  /// The hints, where the client's revision has them.
  private static Optional<Hints> shape(Hints hints, Session session) {
    return session.version().isStateless() ? Optional.of(hints) : Optional.empty();
  }

  private static Json result(
      Merged list, int page, Optional<String> nextCursor, Optional<Hints> hints) {
    var members = new ArrayList<Object>(List.of(list.kind().member(), list.pages().get(page)));
    nextCursor.ifPresent(cursor -> members.addAll(List.of("nextCursor", cursor)));
    hints.ifPresent(given ->
        members.addAll(
            List.of(
                "resultType", "complete",
                "ttlMs", given.ttlMs(),
                "cacheScope", given.cacheScope())));
    list.unavailable()
        .ifPresent(
            servers -> members.addAll(List.of("_meta", Json.object(MetaKey.UNAVAILABLE, servers))));
    return Json.object(members.toArray());
  }
}
