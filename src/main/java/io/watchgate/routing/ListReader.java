package io.watchgate.routing;

import io.watchgate.flow.Call;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ListKind;
import io.watchgate.mcp.MirroredArguments;
import io.watchgate.mcp.MirroredArguments.IllegalAnnotation;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads one list of one server once, page by page to its end.
final class ListReader {
  private static final Logger log = LoggerFactory.getLogger(ListReader.class);
  private static final int MAX_ENTRIES = 100_000;
  private static final int MAX_PAGES = 10_000;

  private final ListKind kind;
  private final ListSource source;
  private final String server;
  private final Session audience;
  private final SequencedMap<String, Json> entries = new LinkedHashMap<>();
  private final Map<String, MirroredArguments> mirrored = new HashMap<>();
  private final Map<String, String> dropped = new HashMap<>();
  private Optional<Hints> hints = Optional.empty();

  ListReader(ListKind kind, ListSource source, Session audience) {
    this.kind = kind;
    this.source = source;
    this.server = source.server().name();
    this.audience = audience;
  }

  Snapshot read() throws InterruptedException, Unreadable {
    var cursors = new HashSet<Json>();
    var cursor = Optional.<Json>empty();
    for (int page = 0; page < MAX_PAGES; page++) {
      var asked = Deadline.after(Duration.ZERO, source.time());
      var response = ask(cursor);
      if (isAbsent(response)) {
        return snapshot();
      }
      var result = response.result().orElseThrow(() -> new Unreadable(describe(response)));
      addAll(result, Hints.of(result, asked));
      cursor = result.member("nextCursor").filter(Json::isString);
      if (cursor.isEmpty()) {
        return snapshot();
      }
      if (!cursors.add(cursor.get())) {
        throw new Unreadable(kind.method() + " goes in a circle: it gives a cursor again");
      }
    }
    throw new Unreadable(kind.method() + " has more than " + MAX_PAGES + " pages");
  }

  private Response ask(Optional<Json> cursor) throws InterruptedException {
    var params = cursor.map(c -> Json.object("cursor", c)).orElse(Json.EMPTY_OBJECT);
    var request = Request.of(RequestId.of(0), kind.method(), params);
    return source.handler().handle(new Call(request, audience)).response();
  }

  private Snapshot snapshot() {
    var listing = new Listing(entries, mirrored, dropped, Optional.empty());
    return new Snapshot(listing, hints.orElse(Hints.NONE));
  }

  /// A server may have resources and no templates.
  private boolean isAbsent(Response response) {
    return kind == ListKind.TEMPLATES && response.errorCode() == ErrorCode.METHOD_NOT_FOUND;
  }

  private void addAll(Json result, Hints ofPage) throws Unreadable {
    hints = Optional.of(hints.map(ofPage::and).orElse(ofPage));
    for (var entry : result.member(kind.member()).map(Json::elements).orElseThrow(this::noList)) {
      var key = entry.textMember(kind.key());
      if (key.isEmpty()) {
        log.warn("server \"{}\" lists an entry without \"{}\"", server, kind.key());
      } else if (entries.containsKey(key.get())) {
        log.warn("server \"{}\" lists {} twice: the first counts", server, key.get());
      } else {
        add(key.get(), entry);
      }
    }
    if (entries.size() > MAX_ENTRIES) {
      throw new Unreadable(kind.method() + " has more than " + MAX_ENTRIES + " entries");
    }
  }

  /// A tool with an illegal annotation is none (2026-07-28, streamable HTTP); the others stay.
  private void add(String key, Json entry) {
    try {
      var arguments = kind == ListKind.TOOLS ? MirroredArguments.of(entry) : MirroredArguments.NONE;
      if (!arguments.isEmpty()) {
        mirrored.put(key, arguments);
      }
      entries.put(key, entry);
    } catch (IllegalAnnotation illegal) {
      dropped.put(key, String.valueOf(illegal.getMessage()));
    }
  }

  private Unreadable noList() {
    return new Unreadable("its answer to " + kind.method() + " has no \"" + kind.member() + "\"");
  }

  private String describe(Response response) {
    return "%s failed: %d %s"
        .formatted(kind.method(), response.errorCode(), response.errorMessage());
  }

  /// A server whose answer is no list.
  static final class Unreadable extends Exception {
    Unreadable(String what) {
      super(what, null, false, false);
    }
  }
}
