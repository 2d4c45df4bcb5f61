package io.watchgate.hosting;

import io.watchgate.flow.Call;
import io.watchgate.flow.Client;
import io.watchgate.flow.ForwardingClient;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Policy;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Reply;
import io.watchgate.flow.RescueLayer;
import io.watchgate.flow.Session;
import io.watchgate.flow.Time;
import io.watchgate.flow.Trail;
import io.watchgate.hosting.CallExchange.Begun;
import io.watchgate.hosting.CallExchange.Subject;
import io.watchgate.hosting.Chain.Completed;
import io.watchgate.hosting.Chain.Judged;
import io.watchgate.hosting.Chain.Passed;
import io.watchgate.hosting.Chain.Refused;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Method;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Exchange.Direction;
import io.watchgate.plugin.Moment;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the plugins of one server let pass between it and clients: every message is put to them,
/// whichever way it goes and whatever it belongs to.
final class PluginPolicy implements Policy {
  private static final Logger log = LoggerFactory.getLogger(PluginPolicy.class);

  private final String server;
  private final Chain chain;
  private final Time time;
  private final Supplier<String> ids;
  private final Line announcements;

  /// @param ids gives every exchange an id that no other one has
  PluginPolicy(String server, Chain chain, Time time, Supplier<String> ids) {
    this.server = server;
    this.chain = chain;
    this.time = time;
    this.ids = ids;
    this.announcements = new Line(time);
  }

  Chain chain() {
    return chain;
  }

  @Override
  public Handler around(Handler inner) {
    return call ->
        switch (call.message()) {
          case Request request -> answer(inner, call, request);
          case Notification notification -> notice(inner, call, notification);
          case Response _ -> throw new IllegalStateException("a response is no call");
        };
  }

  private Reply notice(Handler inner, Call call, Notification notification)
      throws InterruptedException {
    var exchange = exchange(Wire.of(notification), Direction.TO_SERVER, call.client());
    var passed = passed(notification, exchange, call.trail());
    return passed.isPresent() ? inner.handle(call.with(passed.get())) : new Reply.Accepted();
  }

  /// What is left of a notification, empty when it goes nowhere.
  private Optional<Notification> passed(
      Notification notification, CallExchange exchange, Trail trail) throws InterruptedException {
    return switch (judge(Moment.NOTIFICATION, exchange, trail)) {
      case Passed(var changed) ->
          Optional.of(changed.map(to -> Wire.with(notification, to)).orElse(notification));
      case Completed _ -> throw new IllegalStateException("a notification has no answer");
      case Refused(var reason) -> {
        log.warn("{} of server \"{}\" is dropped: {}", exchange.method(), server, reason);
        yield Optional.empty();
      }
    };
  }

  private Reply answer(Handler inner, Call call, Request request) throws InterruptedException {
    var exchange = exchange(Wire.of(request), Direction.TO_SERVER, call.client());
    return switch (judge(Moment.REQUEST, exchange, call.trail())) {
      case Passed(var changed) -> {
        var sent = changed.map(to -> Wire.with(request, to)).orElse(request);
        var back = exchange.answered(changed.orElse(exchange.params()));
        yield back(back, call, send(inner, call.with(sent)));
      }
      case Completed(var answer) -> {
        var made = new Reply.Answered(Wire.response(request.id(), answer));
        yield back(exchange.answered(exchange.params()), call, made);
      }
      case Refused(var reason) -> throw new Rejection(reason);
    };
  }

  /// Takes a request on, and waits for what the server says before its answer to have been judged.
  private Reply send(Handler inner, Call call) throws InterruptedException {
    try {
      return isHeard(call) ? hear(inner, call) : inner.handle(call);
    } catch (Rejection rejection) { // its words may be the server's
      return refused(call, rejection);
    }
  }

  /// Whether plugins want what is said in the call; where its client is a session, what is said to
  /// that comes to them already.
  private boolean isHeard(Call call) {
    return !(call.client() instanceof Session)
        && (chain.asksAt(Moment.NOTIFICATION) || chain.asksAt(Moment.SERVER_REQUEST));
  }

  private Reply hear(Handler inner, Call call) throws InterruptedException {
    var told = new Line(time);
    try {
      return inner.handle(call.with(new Screened(call, told)));
    } finally {
      told.end(call.deadline());
    }
  }

  private static Reply refused(Call call, Rejection rejection) {
    var version = call.client().session().version();
    var response = RescueLayer.answer(call.request().id(), rejection, version);
    return new Reply.Refused(response, rejection);
  }

  /// Has the answer judged, before it goes back.
  private Reply back(CallExchange exchange, Call call, Reply reply) throws InterruptedException {
    var response = reply.response();
    return switch (judge(exchange, response, call.trail())) {
      case Passed(var changed) -> again(reply, changed.map(to -> Wire.with(response, to)));
      case Completed _ -> throw new IllegalStateException("an answer has no answer");
      case Refused(var reason) -> throw new Rejection(reason);
    };
  }

  /// A refusal whose words may pass is thrown as it was found.
  private static Reply again(Reply reply, Optional<Response> changed) {
    return switch (reply) {
      case Reply.Answered _ when changed.isPresent() -> new Reply.Answered(changed.get());
      case Reply.Refused(var _, var rejection) ->
          new Reply.Refused(changed.orElseThrow(() -> rejection), rejection);
      case Reply.Answered _, Reply.Accepted _ -> reply;
    };
  }

  @Override
  public void tell(Session session, Notification said, Consumer<Notification> onward) {
    tell(announcements, new Trail(), session, said, onward);
  }

  private void tell(
      Line line, Trail trail, Client client, Notification said, Consumer<Notification> onward) {
    if (!chain.asksAt(Moment.NOTIFICATION)) {
      onward.accept(said);
      return;
    }
    var exchange = exchange(Wire.of(said), Direction.TO_CLIENT, client);
    line.add(() -> passed(said, exchange, trail).ifPresent(onward));
  }

  @Override
  public Response ask(Session session, Request request, Asking onward) throws InterruptedException {
    return ask(new Trail(), session, request, onward);
  }

  private Response ask(Trail trail, Client client, Request request, Asking onward)
      throws InterruptedException {
    var exchange = exchange(Wire.of(request), Direction.TO_CLIENT, client);
    return switch (judge(Moment.SERVER_REQUEST, exchange, trail)) {
      case Passed(var changed) -> {
        var sent = changed.map(to -> Wire.with(request, to)).orElse(request);
        var back = exchange.answered(changed.orElse(exchange.params()));
        yield answered(back, trail, onward.ask(sent));
      }
      case Completed _ -> throw new IllegalStateException("only a client's request is answered");
      case Refused(var reason) -> refusal(request, client, reason);
    };
  }

  private Response answered(CallExchange exchange, Trail trail, Response response)
      throws InterruptedException {
    return switch (judge(exchange, response, trail)) {
      case Passed(var changed) -> changed.map(to -> Wire.with(response, to)).orElse(response);
      case Completed _ -> throw new IllegalStateException("an answer has no answer");
      case Refused(var reason) ->
          RescueLayer.answer(
              response.id().orElseThrow(), new Rejection(reason), GatewayClient.INSTANCE.version());
    };
  }

  private static Response refusal(Request request, Client client, Rejection.Reason reason) {
    return RescueLayer.answer(request.id(), new Rejection(reason), client.session().version());
  }

  /// Judged as a part of the answer to the handshake that they came in.
  @Override
  public Optional<String> instructions(String words) {
    var subject = new Subject(server, Method.INITIALIZE, Json.EMPTY_OBJECT);
    var exchange = exchange(subject, Direction.TO_CLIENT, GatewayClient.INSTANCE);
    var said = Content.result(Json.object("instructions", words));
    try {
      var question = new Question(Moment.RESPONSE, exchange, said);
      return switch (chain.judge(question, new Trail())) {
        case Passed(var changed) -> changed.orElse(said.json()).textMember("instructions");
        case Completed _, Refused _ -> Optional.empty();
      };
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private CallExchange exchange(Subject subject, Direction direction, Client client) {
    return new CallExchange(ids.get(), subject.at(server), direction, client, Begun.now(time));
  }

  private Judged judge(Moment moment, CallExchange exchange, Trail trail)
      throws InterruptedException {
    var params = new Content(Content.Kind.PARAMS, exchange.params());
    return chain.judge(new Question(moment, exchange, params), trail);
  }

  private Judged judge(CallExchange exchange, Response response, Trail trail)
      throws InterruptedException {
    return chain.judge(new Question(Moment.RESPONSE, exchange, Wire.of(response)), trail);
  }

  /// The client of one call, as the server of the call sees it.
  private final class Screened extends ForwardingClient {
    private final Client inner;
    private final Call call;
    private final Line told;

    Screened(Call call, Line told) {
      super(call.client(), call.client().session());
      this.inner = call.client();
      this.call = call;
      this.told = told;
    }

    @Override
    public void tell(Notification notification) {
      PluginPolicy.this.tell(told, call.trail(), inner, notification, inner::tell);
    }

    @Override
    public Response ask(Request request, Consumer<Notification> progress)
        throws InterruptedException {
      return PluginPolicy.this.ask(
          call.trail(), inner, request, asked -> inner.ask(asked, progress));
    }
  }
}
