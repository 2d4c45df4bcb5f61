package io.watchgate.routing;

import io.watchgate.flow.Call;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Layer;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Server;
import io.watchgate.flow.Session;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ListKind;
import io.watchgate.mcp.Method;
import io.watchgate.mcp.ProtocolVersion;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What one server's resources say: an answer is kept for as long as the server said that it holds
/// and for whom (2026-07-28, caching), and identical reads at the same time are one. What the
/// server says of a change ends what is kept. Bounded; safe for any number of threads.
final class KeptReads implements Layer {
  private static final int MAX_ENTRIES = 1_000;
  private static final int MAX_BYTES = 16 << 20;
  private static final Set<String> HINTS = Set.of("ttlMs", "cacheScope");
  private static final String EVERYBODY = "";

  private final Server server;
  private final Time time;
  private final Map<Read, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Read, CompletableFuture<Outcome>> running = new HashMap<>();
  private long bytes;
  private long changes;

  KeptReads(ListSource source) {
    this.server = source.server();
    this.time = source.time();
  }

  /// What is read, in the shape of which revision, and by whom.
  private record Read(String uri, Json params, ProtocolVersion version, String reader) {
    Read by(String other) {
      return new Read(uri, params, version, other);
    }
  }

  private record Kept(Json result, Hints hints) {}

  /// What came of a read for those who wait for it as well.
  private sealed interface Outcome {}

  private record Answer(Response response) implements Outcome {}

  private record Failure(Rejection rejection) implements Outcome {}

  /// An answer for the one client that made the call.
  private record OfOne() implements Outcome {}

  /// Whoever made the call left before the answer came.
  private record Left() implements Outcome {}

  @Override
  public Handler around(Handler inner) {
    return call -> {
      if (!call.method().equals(Method.RESOURCES_READ)) {
        return inner.handle(call);
      }
      var reply = isPlain(call) ? read(call, inner) : inner.handle(call);
      return reply instanceof Reply.Answered(var response)
          ? new Reply.Answered(shown(response, call.client().session()))
          : reply;
    };
  }

  /// Whether the call asks for nothing but the resource: a round of a longer call is answered for
  /// itself, and progress is for whoever asked for it.
  private static boolean isPlain(Call call) {
    var request = call.request();
    return request.field(Field.URI).isPresent()
        && request.field(Field.REQUEST_STATE).isEmpty()
        && request.field(Field.INPUT_RESPONSES).isEmpty()
        && request.field(Field.META_PROGRESS_TOKEN).isEmpty();
  }

  /// Clients of a revision without hints get none.
  private Response shown(Response response, Session session) {
    return session.version().isStateless() || !Member.isStateless(server)
        ? response
        : response.result().map(all -> response.withResult(all.without(HINTS))).orElse(response);
  }

  private Reply read(Call call, Handler inner) throws InterruptedException {
    var read = read(call);
    while (true) {
      var mine = new CompletableFuture<Outcome>();
      CompletableFuture<Outcome> other;
      long asOf;
      synchronized (this) {
        var known = known(read, call.client().session().principal());
        if (known.isPresent()) {
          return Reply.answer(call, known.get());
        }
        other = running.putIfAbsent(read, mine);
        asOf = changes;
      }
      if (other == null) {
        return lead(call, inner, read, mine, asOf);
      }
      switch (await(other, call)) {
        case Answer(var response) -> {
          return new Reply.Answered(response.withId(call.request().id()));
        }
        case Failure(var rejection) -> throw new Rejection(rejection.reason());
        case OfOne() -> {
          return inner.handle(call);
        }
        case Left() -> {} // somebody has to ask again
      }
    }
  }

  private Read read(Call call) {
    var request = call.request();
    var session = call.client().session();
    var params = request.field(Field.PARAMS).orElse(Json.EMPTY_OBJECT).without(Set.of("_meta"));
    var reader = Member.servesEverybody(server) ? session.principal() : session.key();
    return new Read(request.text(Field.URI).orElse(""), params, session.version(), reader);
  }

  /// What is kept for everybody or for this principal, with the time that is left.
  private Optional<Json> known(Read read, String principal) {
    for (var reader : Set.of(EVERYBODY, principal)) {
      var found = kept.get(read.by(reader));
      if (found != null && !found.hints().hasEnded()) {
        var left = Json.trusted(Long.toString(found.hints().ttlMs()));
        return Optional.of(found.result().set("ttlMs", left));
      }
    }
    return Optional.empty();
  }

  private Outcome await(CompletableFuture<Outcome> other, Call call) throws InterruptedException {
    try {
      return time.get(other, call.deadline().remainingNanos());
    } catch (TimeoutException _) {
      return new OfOne(); // the call's own deadline says what becomes of it
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private Reply lead(
      Call call, Handler inner, Read read, CompletableFuture<Outcome> mine, long asOf)
      throws InterruptedException {
    Outcome outcome = new Left();
    try {
      var asked = Deadline.after(Duration.ZERO, time);
      var reply = inner.handle(call);
      outcome = isComplete(reply) ? new Answer(reply.response()) : new OfOne();
      if (outcome instanceof Answer(var response) && response.result().isPresent()) {
        keep(read, response.result().get(), asked, asOf, call.client().session().principal());
      }
      return reply;
    } catch (Rejection rejection) {
      outcome = new Failure(rejection);
      throw rejection;
    } finally {
      synchronized (this) {
        running.remove(read, mine);
      }
      mine.complete(outcome);
    }
  }

  private static boolean isComplete(Reply reply) {
    return reply instanceof Reply.Answered(var response)
        && response
            .result()
            .flatMap(result -> result.textMember("resultType"))
            .filter(type -> !type.equals("complete"))
            .isEmpty();
  }

  /// An answer to a question that was asked before something changed is not worth keeping.
  private synchronized void keep(
      Read read, Json result, Deadline asked, long asOf, String principal) {
    var hints = Hints.of(result, asked);
    if (asOf != changes || !hints.isLasting() || result.length() > MAX_BYTES) {
      return;
    }
    put(read.by(hints.isPublic() ? EVERYBODY : principal), new Kept(result, hints));
    var eldest = kept.entrySet().iterator();
    while (kept.size() > MAX_ENTRIES || bytes > MAX_BYTES) {
      bytes -= eldest.next().getValue().result().length();
      eldest.remove();
    }
  }

  private void put(Read read, Kept answer) {
    bytes += answer.result().length() - length(kept.put(read, answer));
  }

  private static int length(@Nullable Kept answer) {
    return answer == null ? 0 : answer.result().length();
  }

  /// Hears what the server tells any of its clients.
  void heard(Notification notification) {
    if (notification.method().equals(Method.RESOURCE_UPDATED)) {
      var uri = notification.text(Field.URI).orElse("");
      forget(read -> read.uri().equals(uri));
    } else if (notification.method().equals(ListKind.RESOURCES.changed())) {
      forget(_ -> true);
    }
  }

  private synchronized void forget(Predicate<Read> changed) {
    changes++;
    kept.entrySet()
        .removeIf(entry -> {
          boolean gone = changed.test(entry.getKey());
          bytes -= gone ? entry.getValue().result().length() : 0;
          return gone;
        });
    running.keySet().removeIf(changed);
  }
}
