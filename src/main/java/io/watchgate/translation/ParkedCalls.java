package io.watchgate.translation;

import io.watchgate.flow.Call;
import io.watchgate.flow.Refusals;
import io.watchgate.flow.Refusals.Kind;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.InvalidParams;
import io.watchgate.flow.Rejection.Overloaded;
import io.watchgate.flow.Seal;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The calls to one server that wait for their clients to come back with input. Bounded in number
/// and time. A client names its call by a sealed token that works once, for the same principal and
/// the same request.
final class ParkedCalls {
  private static final int MAX_PARKED = 256;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  private final String server;
  private final Seal seal;
  private final Time time;
  private final Duration patience;
  private final Refusals refusals;
  private final Map<String, Parked> parked = new ConcurrentHashMap<>();

  /// @param back completes when the client is back
  private record Parked(ParkedCall call, CompletableFuture<@Nullable Void> back) {}

  /// @param patience how long a call waits for its client
  ParkedCalls(String server, Seal seal, Time time, Duration patience, Refusals refusals) {
    this.server = server;
    this.seal = seal;
    this.time = time;
    this.patience = patience;
    this.refusals = refusals;
  }

  private String purpose() {
    return "requestState of " + server;
  }

  /// Keeps a call until its client comes back.
  ///
  /// @return the `requestState` by which the client finds it again
  Json park(ParkedCall call) {
    if (parked.size() >= MAX_PARKED) {
      call.abandon("too many calls wait for their clients");
      throw new Rejection(new Overloaded(server, MAX_PARKED, MAX_PARKED, RETRY_AFTER));
    }
    var id = seal.newId();
    var back = new CompletableFuture<@Nullable Void>();
    parked.put(id, new Parked(call, back));
    Thread.ofVirtual().name("parked at " + server).start(() -> expire(id, back));
    return Json.string(seal.seal(purpose(), id.getBytes(StandardCharsets.UTF_8)));
  }

  private void expire(String id, CompletableFuture<@Nullable Void> back) {
    try {
      var _ = time.get(back, patience.toNanos());
    } catch (TimeoutException _) {
      var late = parked.remove(id);
      if (late != null) {
        late.call.abandon("the client did not come back within " + patience.toSeconds() + " s");
      }
    } catch (InterruptedException | ExecutionException impossible) {
      throw new IllegalStateException(impossible); // nobody has this thread, and nothing fails
    }
  }

  /// Calls that wait for their clients now.
  int count() {
    return parked.size();
  }

  /// The call that a client comes back for.
  ///
  /// @throws Rejection when there is none that this client may go on with in this way
  ParkedCall take(Json state, Call retry) {
    var id =
        Optional.of(state)
            .filter(Json::isString)
            .flatMap(token -> seal.open(purpose(), token.text()))
            .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    if (id.isEmpty()) {
      throw refused("it was not made by this gateway for server \"" + server + "\"");
    }
    var found = parked.get(id.get());
    if (found != null && !found.call.isRetriedBy(retry)) {
      throw refused("it belongs to another request");
    }
    if (found == null || !parked.remove(id.get(), found)) {
      throw refused("it expired, or was used before");
    }
    found.back.complete(null);
    return found.call;
  }

  private Rejection refused(String why) {
    refusals.add(Kind.REQUEST_STATE, "for server \"%s\", %s".formatted(server, why));
    return new Rejection(new InvalidParams("requestState is not valid: " + why));
  }
}
