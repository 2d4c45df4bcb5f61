package io.watchgate.downstream;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.jsonrpc.Message;
import io.watchgate.jsonrpc.Request;
import io.watchgate.mcp.Method;
import io.watchgate.mcp.ProtocolVersion;
import java.util.Optional;

/// Streamable HTTP for clients (specification 2025-03-26 to 2025-11-25, transports): what POST, GET
/// and DELETE mean. Runs on a thread of the request's own, which may wait.
final class HttpEndpoint implements Endpoint {
  static final String SESSION = "Mcp-Session-Id";
  private static final int SESSION_NOT_FOUND = -32001;

  private final HttpSessions sessions;
  private final HttpListener.Terms terms;

  HttpEndpoint(HttpSessions sessions, HttpListener.Terms terms) {
    this.sessions = sessions;
    this.terms = terms;
  }

  @Override
  public void serve(Visit visit, HttpReply reply) {
    var version = visit.header("MCP-Protocol-Version");
    if (version.isPresent() && ProtocolVersion.of(version.get()).isEmpty()) {
      reply.refuse(
          HttpResponseStatus.BAD_REQUEST,
          "revision \"" + version.get() + "\" of the protocol is not supported");
    } else if (visit.request().method().equals(HttpMethod.POST)) {
      post(visit, reply);
    } else {
      session(visit, reply)
          .ifPresent(session -> {
            if (visit.request().method().equals(HttpMethod.GET)) {
              listen(visit, session, reply);
            } else {
              visit.header(SESSION).ifPresent(sessions::end);
              reply.finishEmpty(HttpResponseStatus.OK);
            }
          });
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
    var body = visit.body();
    try {
      if (visit.header(SESSION).isEmpty() && isInitialize(body)) {
        open(visit, body, reply);
      } else {
        var session = session(visit, reply);
        if (session.isPresent()) {
          finish(session.get().inbox().take(body).answer(reply), reply);
        }
      }
    } catch (MalformedMessage malformed) {
      reply.finish(Inbox.Answer.refusal(malformed.answer()));
    }
  }

  /// Malformed bytes are told so, whether they come with a session or not.
  private boolean isInitialize(byte[] body) throws MalformedMessage {
    return Message.readBatch(body, terms.limits()).isEmpty()
        && Message.read(body, terms.limits()) instanceof Request request
        && request.method().equals(Method.INITIALIZE);
  }

  private void open(Visit visit, byte[] body, HttpReply reply) throws MalformedMessage {
    var opened = sessions.open(visit.principal(), visit.path(), visit.handler());
    var request = (Request) Message.read(body, terms.limits());
    var client = opened.session().client();
    var answer = client.answer(client.admit(request), reply);
    if (answer.flatMap(greeting -> greeting.response().result()).isEmpty()) {
      client.close();
    } else if (sessions.keep(opened)) {
      reply.header(SESSION, opened.id());
    } else {
      client.close();
      reply.header("Retry-After", "60");
      reply.refuse(
          HttpResponseStatus.SERVICE_UNAVAILABLE,
          ErrorCode.OVERLOADED,
          "too many open sessions: try again in 60 s",
          Json.object("reason", "overloaded", "retryAfterMs", 60_000));
      return;
    }
    finish(answer.map(Inbox.Answer::of), reply);
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
    var id = visit.header(SESSION);
    if (id.isEmpty()) {
      reply.refuse(
          HttpResponseStatus.BAD_REQUEST,
          "the header " + SESSION + " is missing: initialize first");
      return Optional.empty();
    }
    var session = sessions.find(id.get(), visit.principal(), visit.path());
    session.ifPresentOrElse(
        HttpSession::used,
        () ->
            reply.refuse(
                HttpResponseStatus.NOT_FOUND,
                SESSION_NOT_FOUND,
                "session not found: initialize again",
                Json.object("reason", "session_not_found")));
    return session;
  }

  private static void listen(Visit visit, HttpSession session, HttpReply reply) {
    if (!reply.accepts().events()) {
      reply.refuse(HttpResponseStatus.NOT_ACCEPTABLE, "Accept must list text/event-stream");
      return;
    }
    session
        .attach(reply::openEvents)
        .ifPresentOrElse(
            stream -> visit.channel().closeFuture().addListener(_ -> session.detach(stream)),
            () -> reply.refuse(HttpResponseStatus.CONFLICT, "the session has enough open streams"));
  }
}
