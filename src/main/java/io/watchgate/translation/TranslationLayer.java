package io.watchgate.translation;

import io.watchgate.flow.Call;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Layer;
import io.watchgate.flow.Refusals;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Seal;
import io.watchgate.flow.Server;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.mcp.Era;
import io.watchgate.mcp.Method;
import java.time.Duration;
import java.time.InstantSource;

/// Puts each call in the era of the server that it goes to, and the answer in that of the client. A
/// call between two of the same era passes as it is, but for the state that a stateless server has
/// its client carry. What a request is in can be told from itself: one that claims a revision in
/// its `_meta` is stateless.
public final class TranslationLayer implements Layer {
  /// How long a call waits for its client: behind it may sit a person.
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Server server;
  private final RequestStates states;
  private final ParkedCalls parked;
  private final ToStateless toStateless;
  private final ToHandshake toHandshake;
  private final Time time;

  /// @param server the one that the layer stands before
  /// @param self name and version of the gateway, as servers see it
  /// @param seal for the state that clients hand back
  /// @param refusals counts the states that are none of theirs
  /// @param time by which calls wait
  /// @param clock says how old a state is
  public TranslationLayer(
      Server server, Json self, Seal seal, Refusals refusals, Time time, InstantSource clock) {
    this(server, self, new RequestStates(server.name(), seal, refusals, clock), time, PATIENCE);
  }

  /// @param patience how long a call waits for its client to come back
  TranslationLayer(Server server, Json self, RequestStates states, Time time, Duration patience) {
    this.server = server;
    this.states = states;
    this.parked = new ParkedCalls(server.name(), states, time, patience);
    this.toStateless = new ToStateless(server.name(), self, new InputRounds(states::newId, time));
    this.toHandshake = new ToHandshake(server.name(), parked, time);
    this.time = time;
  }

  private TranslationLayer(Server server, TranslationLayer before) {
    this.server = server;
    this.states = before.states;
    this.parked = before.parked;
    this.toStateless = before.toStateless;
    this.toHandshake = new ToHandshake(server.name(), parked, before.time);
    this.time = before.time;
  }

  /// The layer before the server that takes the place of this one's: clients come back to it for
  /// calls that wait, which end with the server that they began with.
  public TranslationLayer successor(Server next) {
    return new TranslationLayer(next, this);
  }

  /// Calls that wait for their clients to come back.
  public int parked() {
    return parked.count();
  }

  @Override
  public Handler around(Handler inner) {
    return call ->
        call.message() instanceof Notification notification
            ? inner.handle(call.with(put(notification, call)))
            : put(call, inner);
  }

  private Notification put(Notification notification, Call call) throws InterruptedException {
    return isClaimed(call) && era(call) == Era.HANDSHAKE
        ? ToHandshake.unclaimed(notification)
        : notification;
  }

  private static boolean isClaimed(Call call) {
    return call.message().field(Field.META_PROTOCOL_VERSION).isPresent();
  }

  private Era era(Call call) throws InterruptedException {
    return server.era(call.client().session(), call.deadline());
  }

  private Reply put(Call call, Handler inner) throws InterruptedException {
    boolean claims = isClaimed(call);
    return switch (era(call)) {
      case STATELESS -> {
        if (claims) {
          yield states.outward(call, inner.handle(states.inward(call)));
        }
        yield isOfSession(call.method()) ? inner.handle(call) : toStateless.handle(call, inner);
      }
      case HANDSHAKE ->
          claims ? toHandshake.handle(call, inner) : toHandshake.list(call, inner.handle(call));
    };
  }

  /// What concerns a session goes to no server that has none: its link answers.
  private static boolean isOfSession(String method) {
    return switch (method) {
      case Method.SET_LEVEL, Method.RESOURCES_SUBSCRIBE, Method.RESOURCES_UNSUBSCRIBE -> true;
      default -> false;
    };
  }
}
