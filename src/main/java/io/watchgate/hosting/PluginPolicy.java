package io.watchgate.hosting;

import io.watchgate.flow.Call;
import io.watchgate.flow.Client;
import io.watchgate.flow.ForwardingClient;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Occurrence.AskAnswered;
import io.watchgate.flow.Occurrence.Asked;
import io.watchgate.flow.Occurrence.Fetched;
import io.watchgate.flow.Occurrence.Passage;
import io.watchgate.flow.Occurrence.Told;
import io.watchgate.flow.Policy;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Reply;
import io.watchgate.flow.RescueLayer;
import io.watchgate.flow.Session;
import io.watchgate.flow.Time;
import io.watchgate.flow.Trail;
import io.watchgate.flow.Witness;
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
import java.time.Duration;
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
  private final Witness witness;
  private final Line announcements;

  PluginPolicy(String server, Chain chain, Plugins.Around around) {
    this.server = server;
    this.chain = chain;
    this.time = around.time();
    this.ids = around.ids();
    this.witness = around.witness();
    this.announcements = new Line(time);
  }

  Chain chain() {
    return chain;
  }

  @Override
  public Handler around(Handler inner) {
    return call ->
        switch (call.message()) {
          case Request request when call.client() == GatewayClient.INSTANCE ->
              fetch(inner, call, request);
          case Request request -> answer(inner, call, request);
          case Notification notification -> notice(inner, call, notification);
          case Response _ -> throw new IllegalStateException("a response is no call");
        };
  }

  private Reply notice(Handler inner, Call call, Notification notification)
      throws InterruptedException {
    var exchange = exchange(Wire.of(notification), Direction.TO_SERVER, call);
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

  /// What the gateway asks on its own behalf is worth a record where plugins had something to say.
  private Reply fetch(Handler inner, Call call, Request request) throws InterruptedException {
    long began = time.nanos();
    try {
      var reply = answer(inner, call, request);
      fetched(call, request, reply.response(), began);
      return reply;
    } catch (Rejection rejection) {
      fetched(call, request, refused(call, rejection).response(), began);
      throw rejection;
    }
  }

  private void fetched(Call call, Request request, Response response, long began) {
    var said = call.trail().judgements();
    if (!said.isEmpty()) {
      var passage = new Passage(call.trail().id(ids), GatewayClient.INSTANCE, server, said);
      witness.saw(new Fetched(passage, request, response, since(began)));
    }
  }

  private Duration since(long began) {
    return Duration.ofNanos(time.nanos() - began);
  }

  private Reply answer(Handler inner, Call call, Request request) throws InterruptedException {
    var exchange = exchange(Wire.of(request), Direction.TO_SERVER, call);
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
    call.trail().sending(call.message());
    try {
      return isHeard(call) ? hear(inner, call) : inner.handle(call);
    } catch (Rejection rejection) { // its words may be the server's
      return refused(call, rejection);
    }
  }

  /// Where the client of a call is a session, what is said to that comes here already.
  private static boolean isHeard(Call call) {
    return !(call.client() instanceof Session);
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

  /// @param about what is said belongs to
  private void tell(
      Line line, Trail about, Client client, Notification said, Consumer<Notification> onward) {
    var id = about.exchange(ids);
    if (!chain.asksAt(Moment.NOTIFICATION)) {
      witness.saw(new Told(passage(id, client, new Trail()), said));
      onward.accept(said);
      return;
    }
    var exchange = exchange(id, Wire.of(said), Direction.TO_CLIENT, client);
    line.add(() -> {
      var trail = new Trail();
      var passed = passed(said, exchange, trail);
      witness.saw(new Told(passage(id, client, trail), passed.orElse(said)));
      passed.ifPresent(onward);
    });
  }

  private Passage passage(String id, Client client, Trail trail) {
    return new Passage(id, client.session(), server, trail.judgements());
  }

  @Override
  public Response ask(Session session, Request request, Asking onward) throws InterruptedException {
    return ask(new Trail(), session, request, onward);
  }

  /// @param about what is asked belongs to
  private Response ask(Trail about, Client client, Request request, Asking onward)
      throws InterruptedException {
    long began = time.nanos();
    var id = about.exchange(ids);
    var trail = new Trail();
    var exchange = exchange(id, Wire.of(request), Direction.TO_CLIENT, client);
    var judged = judge(Moment.SERVER_REQUEST, exchange, trail);
    var sent = judged instanceof Passed(var to) ? to : Optional.<Json>empty();
    var asked = sent.map(to -> Wire.with(request, to)).orElse(request);
    witness.saw(new Asked(passage(id, client, trail), asked));
    var response = Optional.<Response>empty();
    try {
      response =
          Optional.of(
              switch (judged) {
                case Passed _ ->
                    answered(
                        exchange.answered(sent.orElse(exchange.params())),
                        trail,
                        onward.ask(asked));
                case Completed _ ->
                    throw new IllegalStateException("only a client's request is answered");
                case Refused(var reason) -> refusal(request, client, reason);
              });
      return response.get();
    } finally {
      witness.saw(new AskAnswered(passage(id, client, trail), asked, response, since(began)));
    }
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
    var exchange = exchange(ids.get(), subject, Direction.TO_CLIENT, GatewayClient.INSTANCE);
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

  private CallExchange exchange(Subject subject, Direction direction, Call call) {
    return exchange(call.trail().exchange(ids), subject, direction, call.client());
  }

  private CallExchange exchange(String id, Subject subject, Direction direction, Client client) {
    return new CallExchange(id, subject.at(server), direction, client, Begun.now(time));
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
