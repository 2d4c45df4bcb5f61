package io.watchgate.downstream;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.watchgate.flow.Refusals.Kind;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.jsonrpc.Request;
import io.watchgate.mcp.Method;
import io.watchgate.mcp.MirrorHeader;
import io.watchgate.mcp.ProtocolVersion;
import java.util.Optional;

/// Streamable HTTP for clients: what POST, GET and DELETE mean in the revisions that have sessions
/// (specification 2025-03-26 to 2025-11-25, transports), and the way to the endpoint of those that
/// have none. Runs on a thread of the request's own, which may wait.
final class HttpEndpoint implements Endpoint {
  private static final String SESSION = "Mcp-Session-Id";
  private static final String LAST_EVENT = "Last-Event-ID";
  private static final int SESSION_NOT_FOUND = -32001;

  private final HttpSessions sessions;
  private final StatelessEndpoint stateless;
  private final Terms terms;

  HttpEndpoint(HttpSessions sessions, StatelessEndpoint stateless, Terms terms) {
    this.sessions = sessions;
    this.stateless = stateless;
    this.terms = terms;
  }

  @Override
  public void serve(Visit visit, HttpReply reply) {
    if (visit.request().method().equals(HttpMethod.POST)) {
      post(visit, reply);
    } else if (new StatelessHeaders(visit.request().headers()).nameStateless()) {
      reply.header("Allow", "POST");
      reply.refuse(HttpResponseStatus.METHOD_NOT_ALLOWED, "use POST");
    } else if (isRevisionKnown(visit, reply)) {
      if (visit.request().method().equals(HttpMethod.GET)) {
        session(visit, reply).ifPresent(session -> listen(visit, session, reply));
      } else {
        end(visit, reply);
      }
    }
  }

  private void post(Visit visit, HttpReply reply) {
    if (!visit.isJson()) {
      reply.refuse(
          HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json");
      return;
    }
    if (!reply.accepts().json() && !reply.accepts().events()) {
      reply.refuse(
          HttpResponseStatus.NOT_ACCEPTABLE,
          "Accept must list application/json and text/event-stream");
      return;
    }
    reply.traced(visit.traceContext());
    try {
      var incoming = Incoming.read(visit.body(), terms.limits());
      if (StatelessEndpoint.isAddressed(visit, incoming)) {
        stateless.post(visit, incoming, reply);
      } else if (isRevisionKnown(visit, reply)) {
        post(visit, incoming, reply);
      }
    } catch (MalformedMessage malformed) {
      Malformed.count(malformed, terms, Optional.empty());
      reply.finish(Inbox.Answer.refusal(malformed.answer()));
    }
  }

  /// False when the header names a revision that nobody knows; then the reply is finished.
  private static boolean isRevisionKnown(Visit visit, HttpReply reply) {
    var version = visit.header(MirrorHeader.PROTOCOL_VERSION);
    if (version.isEmpty() || ProtocolVersion.of(version.get()).isPresent()) {
      return true;
    }
    reply.refuse(
        HttpResponseStatus.BAD_REQUEST,
        "revision \"" + version.get() + "\" of the protocol is not supported");
    return false;
  }

  private void post(Visit visit, Incoming incoming, HttpReply reply) throws MalformedMessage {
    if (visit.header(SESSION).isEmpty()
        && incoming instanceof Incoming.Single(Request request)
        && request.method().equals(Method.INITIALIZE)) {
      open(visit, request, reply);
      return;
    }
    var session = session(visit, reply);
    if (session.isPresent()) {
      reply.within(session.get().streams());
      finish(session.get().inbox().take(incoming).answer(reply), reply);
    }
  }

  private void open(Visit visit, Request request, HttpReply reply) {
    var session = sessions.open(visit.principal(), visit.handler());
    var client = session.client();
    var answer = client.answer(client.admit(request), reply);
    if (answer.flatMap(greeting -> greeting.response().result()).isEmpty()) {
      client.close();
    } else {
      try {
        reply.header(SESSION, sessions.keep(session, visit.path()));
      } catch (HttpSessions.NoRoom _) {
        client.close();
        noRoom(reply);
        return;
      }
    }
    finish(answer.map(Inbox.Answer::of), reply);
  }

  private static void noRoom(HttpReply reply) {
    reply.header("Retry-After", "60");
    reply.refuse(
        HttpResponseStatus.SERVICE_UNAVAILABLE,
        ErrorCode.OVERLOADED,
        "too many open sessions: try again in 60 s",
        Json.object("reason", "overloaded", "retryAfterMs", 60_000));
  }

  private static void finish(Optional<Inbox.Answer> answer, HttpReply reply) {
    if (answer.isPresent()) {
      reply.finish(answer.get());
    } else {
      reply.finishEmpty(HttpResponseStatus.ACCEPTED);
    }
  }

  /// The session that the request names; without one the reply is finished.
  private Optional<HttpSession> session(Visit visit, HttpReply reply) {
    try {
      var id = id(visit, reply);
      if (id.isEmpty()) {
        return Optional.empty();
      }
      var session = sessions.find(id.get(), visit.principal(), visit.path(), visit.handler());
      session.ifPresentOrElse(HttpSession::used, () -> notFound(reply));
      return session;
    } catch (HttpSessions.NoRoom _) {
      noRoom(reply);
    } catch (InterruptedException _) {
      reply.finishEmpty(HttpResponseStatus.ACCEPTED); // the client is gone
    }
    return Optional.empty();
  }

  private static Optional<String> id(Visit visit, HttpReply reply) {
    var id = visit.header(SESSION);
    if (id.isEmpty()) {
      reply.refuse(
          HttpResponseStatus.BAD_REQUEST,
          "the header " + SESSION + " is missing: initialize first");
    }
    return id;
  }

  private static void notFound(HttpReply reply) {
    reply.refuse(
        HttpResponseStatus.NOT_FOUND,
        SESSION_NOT_FOUND,
        "session not found: initialize again",
        Json.object("reason", "session_not_found"));
  }

  private void listen(Visit visit, HttpSession session, HttpReply reply) {
    if (!reply.accepts().events()) {
      reply.refuse(HttpResponseStatus.NOT_ACCEPTABLE, "Accept must list text/event-stream");
      return;
    }
    var streams = session.streams();
    var last = visit.header(LAST_EVENT);
    if (last.isEmpty()) {
      if (!reply.join(streams, streams::listen)) {
        reply.refuse(HttpResponseStatus.CONFLICT, "the session has enough open streams");
      }
    } else if (streams.isUnanswered(last.get())) {
      reply.finishEmpty(HttpResponseStatus.NO_CONTENT); // by which clients of events stop to ask
    } else if (!reply.join(streams, opening -> streams.resume(last.get(), opening))) {
      terms.refusals().add(Kind.EVENT_ID, "it names nothing that is kept of this session");
      reply.refuse(
          HttpResponseStatus.BAD_REQUEST,
          ErrorCode.INVALID_REQUEST,
          LAST_EVENT + " names no event of this session, or its stream is gone",
          Json.object("reason", "unknown_event"));
    }
  }

  /// The session is over for good; it need not be known for that.
  private void end(Visit visit, HttpReply reply) {
    var id = id(visit, reply);
    if (id.isEmpty()) {
      return;
    }
    if (sessions.end(id.get(), visit.principal(), visit.path())) {
      reply.finishEmpty(HttpResponseStatus.OK);
    } else {
      notFound(reply);
    }
  }
}
