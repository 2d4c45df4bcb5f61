package io.watchgate.downstream;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.watchgate.downstream.Endpoint.Visit;
import io.watchgate.downstream.StatelessCalls.Entrance;
import io.watchgate.flow.Refusals;
import io.watchgate.flow.Refusals.Kind;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.HeaderMismatch;
import io.watchgate.flow.Rejection.MalformedMeta;
import io.watchgate.flow.Reply;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.MetaKey;
import io.watchgate.mcp.Method;
import io.watchgate.mcp.MirrorHeader;
import io.watchgate.mcp.ProtocolVersion;
import java.util.Map;
import java.util.Optional;

/// Streamable HTTP without sessions (specification 2026-07-28, transports): each POST stands for
/// itself, and its headers must say what its body says. The body decides which era a POST is of.
final class StatelessEndpoint {
  private static final ProtocolVersion SPOKEN = ProtocolVersion.NEWEST_STATELESS;
  private static final RequestId NOBODY = new RequestId("null");

  private final StatelessCalls calls;
  private final OpenCalls open;
  private final Refusals refusals;

  /// @param open knows the requests in flight
  StatelessEndpoint(StatelessCalls calls, OpenCalls open, Refusals refusals) {
    this.calls = calls;
    this.open = open;
    this.refusals = refusals;
  }

  /// Whether a POST is of this era: its body says so, or its header where the body says nothing.
  static boolean isAddressed(Visit visit, Incoming incoming) {
    boolean claimed =
        switch (incoming) {
          case Incoming.Single(var message) -> Claim.isMade(message);
          case Incoming.Batch(var elements) -> elements.stream().anyMatch(Claim::isMade);
        };
    return claimed || headers(visit).nameStateless();
  }

  private static StatelessHeaders headers(Visit visit) {
    return new StatelessHeaders(visit.request().headers());
  }

  void post(Visit visit, Incoming incoming, HttpReply reply) {
    switch (incoming) {
      case Incoming.Single(Request request) -> request(visit, request, reply);
      case Incoming.Single(Notification notification) -> notice(visit, notification, reply);
      case Incoming.Single(Response _) -> {
        refusals.add(Kind.ANSWER, "a client of revision " + SPOKEN + " is never asked");
        reply.refuse(HttpResponseStatus.BAD_REQUEST, "a client of this revision is never asked");
      }
      case Incoming.Batch _ ->
          reply.refuse(HttpResponseStatus.BAD_REQUEST, "revision " + SPOKEN + " has no batches");
    }
  }

  private void request(Visit visit, Request request, HttpReply reply) {
    try {
      var headers = headers(visit);
      var claim = check(headers, request);
      if (request.method().equals(Method.LISTEN) && !reply.accepts().events()) {
        reply.refuse(HttpResponseStatus.NOT_ACCEPTABLE, "Accept must list text/event-stream");
        return;
      }
      var entrance = entrance(visit, headers.parameters());
      answer(request, claim, entrance, reply)
          .ifPresentOrElse(
              answer -> finish(reply, answer),
              () -> reply.finishEmpty(HttpResponseStatus.ACCEPTED)); // the client is gone
    } catch (Rejection rejection) {
      finish(reply, StatelessCalls.refused(request.id(), rejection));
    }
  }

  /// The order is that of the specification.
  private static Claim check(StatelessHeaders headers, Request request) {
    if (!Claim.isMade(request)) {
      throw unclaimed(request);
    }
    headers.checkVersion(Claim.version(request));
    var claim = Claim.of(request);
    headers.check(request);
    StatelessCalls.requireKnown(request.method());
    return claim;
  }

  private static Rejection unclaimed(Request request) {
    return new Rejection(
        request.method().equals(Method.INITIALIZE)
            ? new HeaderMismatch(
                "header %s is %s, which has no initialize"
                    .formatted(MirrorHeader.PROTOCOL_VERSION, SPOKEN))
            : new MalformedMeta("_meta needs \"" + MetaKey.PROTOCOL_VERSION + "\", a string"));
  }

  private static Entrance entrance(Visit visit, Map<String, String> parameters) {
    return new Entrance(visit.principal(), visit.path(), visit.handler(), Optional.of(parameters));
  }

  private Optional<Reply> answer(Request request, Claim claim, Entrance entrance, HttpReply reply) {
    var admitted = open.admitAlone(request, SPOKEN);
    try {
      return calls.answer(admitted, claim, entrance, reply);
    } finally {
      open.release(admitted);
    }
  }

  private void notice(Visit visit, Notification notification, HttpReply reply) {
    try {
      if (Claim.isMade(notification)) {
        calls.notice(notification, entrance(visit, Map.of()));
      } else {
        StatelessCalls.requireKnown(notification.method());
        boolean _ = calls.isOfNothing(notification);
      }
      reply.finishEmpty(HttpResponseStatus.ACCEPTED);
    } catch (Rejection rejection) {
      finish(reply, StatelessCalls.refused(NOBODY, rejection));
    }
  }

  private void finish(HttpReply reply, Reply answer) {
    if (answer instanceof Reply.Refused(var _, var rejection)
        && rejection.reason() instanceof HeaderMismatch(var what)) {
      refusals.add(Kind.HEADERS, what);
    }
    var outcome = Inbox.Answer.of(answer);
    if (outcome.retryAfterSeconds() > 0) {
      reply.header("Retry-After", String.valueOf(outcome.retryAfterSeconds()));
    }
    reply.finish(status(answer), outcome.bytes());
  }

  /// The specification has a status for some errors, whoever made them; every other answer is one
  /// that HTTP knows nothing of.
  private static HttpResponseStatus status(Reply answer) {
    if (answer instanceof Reply.Refused(var _, var rejection)) {
      if (rejection.reason() instanceof MalformedMeta) {
        return HttpResponseStatus.BAD_REQUEST;
      }
      if (rejection.reason() instanceof Rejection.Overloaded
          || rejection.reason() instanceof Rejection.ShuttingDown) {
        return HttpResponseStatus.SERVICE_UNAVAILABLE;
      }
    }
    return switch (answer.response().errorCode()) {
      case ErrorCode.PARSE_ERROR,
          ErrorCode.INVALID_REQUEST,
          ErrorCode.HEADER_MISMATCH,
          ErrorCode.MISSING_CAPABILITY,
          ErrorCode.UNSUPPORTED_VERSION ->
          HttpResponseStatus.BAD_REQUEST;
      case ErrorCode.METHOD_NOT_FOUND -> HttpResponseStatus.NOT_FOUND;
      default -> HttpResponseStatus.OK;
    };
  }
}
