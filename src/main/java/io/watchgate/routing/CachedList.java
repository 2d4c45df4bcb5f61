package io.watchgate.routing;

import io.watchgate.flow.Call;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Server;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ListKind;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One list of one server: read page by page, by one thread for all who want it.
final class CachedList {
  private static final Logger log = LoggerFactory.getLogger(CachedList.class);
  private static final int MAX_ENTRIES = 100_000;
  private static final int MAX_PAGES = 10_000;

  private final ListKind kind;
  private final Server server;
  private final Handler handler;
  private final Session audience;
  private final SameListings same;
  private Listing known = Listing.EMPTY;
  private boolean fresh;
  private long generation;
  private long knownGeneration;
  private long readNanos = System.nanoTime();
  private @Nullable Reading reading;

  /// A read that runs: what it brings is as of the generation in which it began.
  private record Reading(long asOf, long sinceNanos, CompletableFuture<Listing> result) {}

  CachedList(ListKind kind, Server server, Handler handler, Session audience, SameListings same) {
    this.kind = kind;
    this.audience = audience;
    this.same = same;
    this.server = server;
    this.handler = handler;
  }

  synchronized Listing known() {
    return known;
  }

  synchronized boolean isFresh() {
    return fresh;
  }

  synchronized boolean isOlderThan(Duration age) {
    return System.nanoTime() - readNanos > age.toNanos();
  }

  synchronized boolean invalidate() {
    var was = fresh;
    fresh = false;
    generation++;
    return was;
  }

  /// What is known, marked with why it may be out of date.
  synchronized Listing outdated(String why) {
    known = known.outdated(why);
    fresh = false;
    return known;
  }

  /// Reads the list, or joins whoever reads it already; gives up waiting, not reading, when it
  /// takes longer than the patience.
  Listing refresh(Duration patience) throws InterruptedException {
    Reading wanted;
    synchronized (this) {
      if (fresh) {
        return known;
      }
      wanted = reading();
    }
    try {
      long left = wanted.sinceNanos + patience.toNanos() - System.nanoTime();
      return wanted.result.get(Math.max(0, left), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return outdated("no answer to %s within %d ms".formatted(kind.method(), patience.toMillis()));
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /// A read that began before the list changed is no answer to whoever asks after it.
  private synchronized Reading reading() {
    if (reading == null || reading.asOf != generation) {
      var next = new Reading(generation, System.nanoTime(), new CompletableFuture<>());
      reading = next;
      Thread.ofVirtual()
          .name(kind.method() + " of " + server.name())
          .start(() -> next.result.complete(read(next)));
    }
    return reading;
  }

  private Listing read(Reading mine) {
    var listing = same.share(kind, read());
    synchronized (this) {
      if (mine.asOf >= knownGeneration) {
        known = listing;
        knownGeneration = mine.asOf;
        fresh = listing.problem().isEmpty() && generation == mine.asOf;
        readNanos = System.nanoTime();
      }
      if (reading != null && reading.asOf == mine.asOf) {
        reading = null;
      }
    }
    return listing;
  }

  private Listing read() {
    var offer = server.status().offer();
    if (offer.isPresent() && !offer.get().has(kind.capability())) {
      return Listing.EMPTY;
    }
    try {
      return new Listing(pages(), Optional.empty());
    } catch (Rejection rejection) {
      return known().outdated(cause(rejection));
    } catch (Unreadable unreadable) {
      return known().outdated(String.valueOf(unreadable.getMessage()));
    } catch (InterruptedException _) {
      return known().outdated("interrupted");
    } catch (RuntimeException fault) { // supervised edge: one bad list must not stop the others
      log.error("{} of server \"{}\" failed", kind.method(), server.name(), fault);
      return known().outdated("internal error in the gateway");
    }
  }

  private static String cause(Rejection rejection) {
    return rejection.reason() instanceof Rejection.Unavailable(var _, var cause)
        ? cause
        : String.valueOf(rejection.getMessage());
  }

  private SequencedMap<String, Json> pages() throws InterruptedException, Unreadable {
    var entries = new LinkedHashMap<String, Json>();
    var cursors = new HashSet<Json>();
    var cursor = Optional.<Json>empty();
    for (int page = 0; page < MAX_PAGES; page++) {
      var params = cursor.map(c -> Json.object("cursor", c)).orElse(Json.EMPTY_OBJECT);
      var request = Request.of(RequestId.of(0), kind.method(), params);
      var response = handler.handle(new Call(request, audience)).response();
      if (isAbsent(response)) {
        return entries;
      }
      var result = response.result().orElseThrow(() -> new Unreadable(describe(response)));
      addAll(result, entries);
      cursor = result.member("nextCursor").filter(Json::isString);
      if (cursor.isEmpty()) {
        return entries;
      }
      if (!cursors.add(cursor.get())) {
        throw new Unreadable(kind.method() + " goes in a circle: it gives a cursor again");
      }
    }
    throw new Unreadable(kind.method() + " has more than " + MAX_PAGES + " pages");
  }

  /// A server may have resources and no templates.
  private boolean isAbsent(Response response) {
    return kind == ListKind.TEMPLATES && response.errorCode() == ErrorCode.METHOD_NOT_FOUND;
  }

  private void addAll(Json result, SequencedMap<String, Json> entries) throws Unreadable {
    for (var entry : result.member(kind.member()).map(Json::elements).orElseThrow(this::noList)) {
      var key = entry.textMember(kind.key());
      if (key.isEmpty()) {
        log.warn("server \"{}\" lists an entry without \"{}\"", server.name(), kind.key());
      } else if (entries.putIfAbsent(key.get(), entry) != null) {
        log.warn("server \"{}\" lists {} twice: the first counts", server.name(), key.get());
      }
    }
    if (entries.size() > MAX_ENTRIES) {
      throw new Unreadable(kind.method() + " has more than " + MAX_ENTRIES + " entries");
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
  private static final class Unreadable extends Exception {
    Unreadable(String what) {
      super(what, null, false, false);
    }
  }
}
