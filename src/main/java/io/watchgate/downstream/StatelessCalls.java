package io.watchgate.downstream;

import io.watchgate.downstream.StatelessSession.Owner;
import io.watchgate.flow.Call;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Refusals.Kind;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.MethodNotFound;
import io.watchgate.flow.Reply;
import io.watchgate.flow.RescueLayer;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.mcp.MetaKey;
import io.watchgate.mcp.Method;
import io.watchgate.mcp.ProtocolVersion;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Answers the calls that need no handshake, over whichever transport they come: those that concern
/// the gateway itself, and the others through its stack.
final class StatelessCalls {
  /// What went with the handshake, and is no method of this era.
  private static final Set<String> GONE =
      Set.of(
          Method.INITIALIZE,
          Method.INITIALIZED,
          Method.PING,
          Method.SET_LEVEL,
          Method.RESOURCES_SUBSCRIBE,
          Method.RESOURCES_UNSUBSCRIBE,
          "notifications/roots/list_changed",
          Method.TASKS_LIST,
          Method.TASKS_RESULT);

  private final StatelessSessions sessions;
  private final Terms terms;

  StatelessCalls(StatelessSessions sessions, Terms terms) {
    this.sessions = sessions;
    this.terms = terms;
  }

  /// Where a call came in.
  ///
  /// @param handler the stack behind the endpoint
  /// @param headers as {@link io.watchgate.flow.Client#parameterHeaders()}
  record Entrance(
      String principal, String endpoint, Handler handler, Optional<Map<String, String>> headers) {

    private StatelessSession enter(StatelessSessions sessions, Claim claim) {
      var owner = new Owner(principal, endpoint, claim.capabilities());
      var session = sessions.enter(owner, new RescueLayer().around(handler));
      session.introduce(claim.clientName());
      return session;
    }
  }

  /// @throws Rejection when the era does not know the method
  static void requireKnown(String method) {
    if (GONE.contains(method)) {
      throw new Rejection(new MethodNotFound(method));
    }
  }

  /// The error that answers a request with a rejection's reason.
  static Reply refused(RequestId id, Rejection rejection) {
    return new Reply.Refused(
        RescueLayer.answer(id, rejection, ProtocolVersion.NEWEST_STATELESS), rejection);
  }

  /// Answers an admitted request on this thread.
  ///
  /// @param way where what belongs to the call goes
  /// @return the reply, empty when the client cancelled the call
  Optional<Reply> answer(InFlight admitted, Claim claim, Entrance entrance, Outlet way) {
    try {
      var session = entrance.enter(sessions, claim);
      try {
        return answer(admitted, new StatelessClient(session, claim, entrance.headers(), way));
      } finally {
        sessions.leave(session);
      }
    } catch (Rejection noRoom) {
      return Optional.of(refused(admitted.request().id(), noRoom));
    }
  }

  private Optional<Reply> answer(InFlight admitted, StatelessClient client) {
    Handler handler = call -> handle(call, client);
    return admitted.run(new RescueLayer().around(handler), client);
  }

  private Reply handle(Call call, StatelessClient client) throws InterruptedException {
    requireKnown(call.method());
    var session = client.session();
    return switch (call.method()) {
      case Method.DISCOVER -> discover(call, session.handler());
      case Method.LISTEN ->
          new Listening(session, terms.self(), sessions.time()).answer(call, client.way());
      default -> session.handler().handle(call);
    };
  }

  private Reply discover(Call call, Handler handler) throws InterruptedException {
    var reply = handler.handle(call);
    return reply.response().result().isEmpty()
        ? reply
        : Reply.answer(call, discovered(reply.response().result().orElseThrow()));
  }

  private Json discovered(Json offer) {
    var capabilities = offer.member("capabilities").orElse(Json.EMPTY_OBJECT);
    var end =
        offer
            .member("instructions")
            .map(instructions -> Json.object("instructions", instructions))
            .orElse(Json.EMPTY_OBJECT);
    return end.plus("_meta", Json.object(MetaKey.SERVER_INFO, terms.self()))
        .plus("cacheScope", Json.string("private"))
        .plus("ttlMs", Json.trusted("0"))
        .plus("capabilities", capabilities.without(Set.of("tasks")))
        .plus("supportedVersions", ProtocolVersion.stateless())
        .plus("resultType", Json.string("complete"));
  }

  /// Whether a notification is about a request of this connection, or an ask of this client: here
  /// are none that it could know of.
  boolean isOfNothing(Notification notification) {
    switch (notification.method()) {
      case Method.CANCELLED ->
          terms.refusals().add(Kind.CANCELLATION, "no request of its sender is in flight");
      case Method.PROGRESS ->
          terms.refusals().add(Kind.PROGRESS_TOKEN, "its sender is never asked");
      default -> {
        return false;
      }
    }
    return true;
  }

  /// Takes a notification; one that is for the servers waits for them on this thread. What a client
  /// may say of requests in flight is carried out where they are known.
  ///
  /// @throws Rejection when it does not say completely what it is, or there is no room for it
  void notice(Notification notification, Entrance entrance) {
    var claim = Claim.of(notification);
    requireKnown(notification.method());
    if (isOfNothing(notification)) {
      return;
    }
    var session = entrance.enter(sessions, claim);
    try {
      var _ = session.handler().handle(new Call(notification, session));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      sessions.leave(session);
    }
  }
}
