package io.watchgate.downstream;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.watchgate.flow.Refusals.Kind;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.MalformedMessage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// HTTP with server-sent events as revision 2024-11-05 has it, for clients that know no other: the
/// stream that GET opens is the session, its first event says where to POST, and everything from
/// the gateway comes as an event of it.
final class EventsEndpoint implements Endpoint {
  static final String STREAM = "/sse";
  static final String MESSAGES = "/messages";
  private static final String SESSION = "sessionId";
  private static final int SESSION_NOT_FOUND = -32001;

  private final HttpSessions ids;
  private final Terms terms;
  private final OpenWork work;
  private final Map<String, Conversation> open = new ConcurrentHashMap<>();

  private volatile boolean stopping;

  private record Conversation(
      String principal, EventStream stream, ClientSession client, Inbox inbox) {}

  /// @param ids makes the ids, which end with their streams
  /// @param work counts the answers on their way
  EventsEndpoint(HttpSessions ids, Terms terms, OpenWork work) {
    this.ids = ids;
    this.terms = terms;
    this.work = work;
  }

  @Override
  public void serve(Visit visit, HttpReply reply) {
    if (visit.request().method().equals(HttpMethod.GET)) {
      listen(visit, reply);
    } else {
      post(visit, reply);
    }
  }

  private void listen(Visit visit, HttpReply reply) {
    if (!reply.accepts().events()) {
      reply.refuse(HttpResponseStatus.NOT_ACCEPTABLE, "Accept must list text/event-stream");
      return;
    }
    var id = ids.newKey();
    var stream = reply.openEvents();
    var client = new ClientSession(id, visit.principal(), visit.handler(), stream, terms);
    var inbox = new Inbox(client, terms);
    open.put(id, new Conversation(visit.principal(), stream, client, inbox));
    if (stopping) {
      client.stop();
    }
    visit.channel().closeFuture().addListener(_ -> Thread.ofVirtual().start(() -> end(id)));
    boolean _ = stream.send(Event.of("endpoint", MESSAGES + "?" + SESSION + "=" + id));
  }

  private void post(Visit visit, HttpReply reply) {
    if (!visit.isJson()) {
      reply.refuse(
          HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json");
      return;
    }
    var conversation = find(visit);
    if (conversation.isEmpty()) {
      terms.refusals().add(Kind.SESSION_ID, "no stream of this client is open under it");
      reply.refuse(
          HttpResponseStatus.NOT_FOUND,
          SESSION_NOT_FOUND,
          "no such session: open " + STREAM + " first and POST where its first event says",
          Json.object("reason", "session_not_found"));
      return;
    }
    try {
      var todo = conversation.get().inbox().take(visit.body());
      work.begin();
      reply.finishEmpty(HttpResponseStatus.ACCEPTED);
      answer(todo, conversation.get().stream());
    } catch (MalformedMessage malformed) {
      Malformed.count(malformed, terms, Optional.of(conversation.get().client()));
      reply.finish(Inbox.Answer.refusal(malformed.answer()));
    }
  }

  private void answer(Inbox.Work todo, EventStream stream) {
    try {
      var answer = todo.answer(stream);
      if (answer.isPresent()) {
        boolean _ = stream.sendPatiently(answer.get().bytes());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // the stream is gone, and the session with it
    } finally {
      work.end();
    }
  }

  private Optional<Conversation> find(Visit visit) {
    var named = new QueryStringDecoder(visit.request().uri()).parameters();
    var id = named.getOrDefault(SESSION, List.of("")).getFirst();
    return Optional.ofNullable(open.get(id))
        .filter(conversation -> conversation.principal().equals(visit.principal()));
  }

  private void end(String id) {
    var conversation = open.remove(id);
    if (conversation != null) {
      conversation.client().close();
      conversation.stream().end(null);
    }
  }

  /// Ends the streams of those who are not known any more.
  void endUnless(Predicate<String> known) {
    open.forEach((id, conversation) -> {
      if (!known.test(conversation.principal())) {
        end(id);
      }
    });
  }

  /// Has no session take requests any more.
  void stop() {
    stopping = true;
    clients().forEach(ClientSession::stop);
  }

  Stream<ClientSession> clients() {
    return open.values().stream().map(Conversation::client);
  }

  int count() {
    return open.size();
  }

  void closeAll() {
    open.keySet().forEach(this::end);
  }
}
