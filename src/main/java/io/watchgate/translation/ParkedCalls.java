package io.watchgate.translation;

import io.watchgate.flow.Call;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Overloaded;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The calls to one server that wait for their clients to come back with input. Bounded in number
/// and time. A client names its call by a state that works once, for the same principal and the
/// same request.
final class ParkedCalls {
  private static final int MAX_PARKED = 256;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  private final String server;
  private final RequestStates states;
  private final Time time;
  private final Duration patience;
  private final Map<String, Parked> parked = new ConcurrentHashMap<>();

  /// @param back completes when the client is back
  private record Parked(ParkedCall call, CompletableFuture<@Nullable Void> back) {}

  /// @param patience how long a call waits for its client
  ParkedCalls(String server, RequestStates states, Time time, Duration patience) {
    this.server = server;
    this.states = states;
    this.time = time;
    this.patience = patience;
  }

  /// Keeps a call until its client comes back.
  ///
  /// @param round of the client that is answered meanwhile
  /// @return the `requestState` by which the client finds it again
  Json park(ParkedCall call, Call round) {
    if (parked.size() >= MAX_PARKED) {
      call.abandon("too many calls wait for their clients");
      throw new Rejection(new Overloaded(server, MAX_PARKED, MAX_PARKED, RETRY_AFTER));
    }
    var id = states.newId();
    var back = new CompletableFuture<@Nullable Void>();
    parked.put(id, new Parked(call, back));
    Thread.ofVirtual().name("parked at " + server).start(() -> expire(id, back));
    return states.seal(round, Json.string(id));
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
  /// @param unclaimed the retry as the server would see it
  /// @throws Rejection when there is none that this client may go on with in this way
  ParkedCall take(Call retry, Call unclaimed) {
    var id = states.open(retry).text();
    var found = parked.get(id);
    if (found != null && !found.call.isRetriedBy(unclaimed)) {
      throw states.refused("it belongs to another request");
    }
    if (found == null || !parked.remove(id, found)) {
      throw states.refused("it expired, or was used before");
    }
    found.back.complete(null);
    return found.call;
  }
}
