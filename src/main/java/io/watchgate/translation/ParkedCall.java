package io.watchgate.translation;

import io.watchgate.flow.Call;
import io.watchgate.flow.Client;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.MissingCapability;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Session;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.ErrorCode;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.RequestId;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Method;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A call that a server works on while its client comes and goes:
///
/// | from | to | when |
/// |---|---|---|
/// | attended | parked | the server asks: the client gets the questions |
/// | parked | attended | the client is back with answers |
/// | attended, parked | ended | the server answers, or nobody came back in time |
///
/// The call runs on a thread of its own; each round of the client waits on another.
final class ParkedCall implements Client {
  /// What a server asks at the same time goes to the client at the same time.
  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

  private final String server;
  private final Call call;
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, Ask> asks = new LinkedHashMap<>();
  private final Thread worker;
  private @Nullable Call round;
  private boolean abandoned;
  private @Nullable Reply reply;
  private @Nullable RuntimeException failure;

  private record Ask(Request request, CompletableFuture<Response> answer) {}

  /// What a round of the client comes to.
  sealed interface Step {}

  record Ended(Reply reply) implements Step {}

  /// @param inputs what the server wants to know, by key
  record Asking(Json inputs) implements Step {}

  private ParkedCall(String server, Call call, Handler inner, Time time) {
    this.server = server;
    this.call = call;
    this.time = time;
    this.round = call;
    this.worker =
        Thread.ofVirtual().name("call to " + server).unstarted(() -> run(inner, call.with(this)));
  }

  static ParkedCall start(String server, Call call, Handler inner, Time time) {
    var open = new ParkedCall(server, call, inner, time);
    open.worker.start();
    return open;
  }

  private void run(Handler inner, Call mine) {
    Reply answer = null;
    RuntimeException fault = null;
    try {
      answer = inner.handle(mine);
    } catch (InterruptedException _) {
      fault = new IllegalStateException("abandoned"); // whoever interrupted does not ask
    } catch (RuntimeException thrown) { // supervised edge: the round that waits rethrows it
      fault = thrown;
    }
    end(answer, fault);
  }

  private void end(@Nullable Reply answer, @Nullable RuntimeException fault) {
    lock.lock();
    try {
      reply = answer;
      failure = failure == null ? fault : failure;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Whether a request is this call made again, by the same principal.
  boolean isRetriedBy(Call retry) {
    return retry.method().equals(call.method())
        && principal(retry).equals(principal(call))
        && subject(retry).isSameAs(subject(call));
  }

  private static String principal(Call call) {
    return call.client().session().principal();
  }

  private static Json subject(Call call) {
    return call.request().field(Field.PARAMS).orElse(Json.EMPTY_OBJECT).without(Set.of("_meta"));
  }

  /// Gives the server what it asked for, as far as it is there. What it says from now on is for
  /// this round.
  void answer(Json responses, Call attending) {
    lock.lock();
    try {
      round = attending;
      for (var response : responses.members()) {
        var ask = asks.remove(response.key());
        if (ask != null) {
          ask.answer.complete(Response.success(ask.request.id(), response.value()));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits, as one round of the client, until the call ends or the server asks. A client that goes
  /// away meanwhile ends the call.
  Step next(Call attending) throws InterruptedException {
    lock.lock();
    try {
      while (reply == null && failure == null) {
        if (asks.isEmpty()) {
          changed.await();
        } else if (time.await(changed, GATHER_NANOS) <= 0 && !asks.isEmpty()) {
          return new Asking(inputs());
        }
      }
      if (failure != null) {
        throw failure;
      }
      return new Ended(Objects.requireNonNull(reply));
    } catch (InterruptedException gone) {
      abandon(attending.cancellation().reason().orElse("cancelled by the client"));
      throw gone;
    } finally {
      round = null;
      lock.unlock();
    }
  }

  private Json inputs() {
    var inputs = Json.EMPTY_OBJECT;
    for (var ask : asks.entrySet()) {
      var request = ask.getValue().request;
      var params = request.field(Field.PARAMS);
      inputs =
          inputs.plus(
              ask.getKey(),
              params.isPresent()
                  ? Json.object("method", request.method(), "params", params.get())
                  : Json.object("method", request.method()));
    }
    return inputs;
  }

  /// Ends the call: what the server asked is answered by a refusal, and it is told that nobody
  /// waits.
  void abandon(String why) {
    call.cancellation().because(why);
    lock.lock();
    try {
      abandoned = true;
      asks.values().forEach(ask -> ask.answer.complete(unanswered(ask.request)));
    } finally {
      lock.unlock();
    }
    worker.interrupt();
  }

  @Override
  public Session session() {
    return call.client().session();
  }

  @Override
  public void streaming(Duration retry) {
    // a stateless client has no stream to come back for
  }

  /// Goes to the round that waits. Between two rounds nobody hears of the call itself.
  @Override
  public void tell(Notification notification) {
    Call attending;
    lock.lock();
    try {
      attending = round;
    } finally {
      lock.unlock();
    }
    if (!notification.method().equals(Method.PROGRESS)) {
      (attending == null ? session() : attending.client()).tell(notification);
    } else if (attending != null) {
      attending
          .request()
          .field(Field.META_PROGRESS_TOKEN)
          .map(token -> notification.with(Field.PROGRESS_TOKEN, token))
          .ifPresent(attending.client()::tell);
    }
  }

  /// Waits for the client to come back with the answer.
  @Override
  public Response ask(Request request, Consumer<Notification> progress)
      throws InterruptedException {
    var params = request.field(Field.PARAMS).orElse(Json.EMPTY_OBJECT);
    var needed = Asked.capability(request.method(), params);
    if (needed.members().isEmpty()) {
      return refused(request, "method not found: " + request.method(), "method_not_found");
    }
    if (!Asked.isDeclared(needed, session().capabilities())) {
      return undeclared(request, needed);
    }
    var ask = new Ask(request, new CompletableFuture<>());
    var key = add(ask);
    try {
      return ask.answer.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      remove(key, ask);
    }
  }

  private String add(Ask ask) {
    lock.lock();
    try {
      var key = key(ask.request.id());
      asks.put(key, ask);
      if (abandoned) {
        ask.answer.complete(unanswered(ask.request));
      }
      changed.signalAll();
      return key;
    } finally {
      lock.unlock();
    }
  }

  /// The server's own id, which says more to a person than one of ours, where it is free.
  private String key(RequestId id) {
    var spelled = Json.trusted(id.json());
    var key = new StringBuilder(spelled.isString() ? spelled.text() : id.json());
    while (asks.containsKey(key.toString())) {
      key.append('\'');
    }
    return key.toString();
  }

  private void remove(String key, Ask ask) {
    lock.lock();
    try {
      asks.remove(key, ask);
    } finally {
      lock.unlock();
    }
  }

  private Response undeclared(Request request, Json needed) {
    lock.lock();
    try {
      failure = failure == null ? new Rejection(new MissingCapability(server, needed)) : failure;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    abandon("the client did not declare what it takes");
    return refused(
        request,
        "the client did not declare that it can be asked for " + request.method(),
        "missing_capability");
  }

  private static Response refused(Request request, String why, String reason) {
    return Response.failure(
        request.id(), ErrorCode.METHOD_NOT_FOUND, why, Json.object("reason", reason));
  }

  private static Response unanswered(Request request) {
    return request.method().equals(Method.ELICIT)
        ? Response.success(request.id(), Json.object("action", "cancel"))
        : Response.failure(
            request.id(),
            ErrorCode.INTERNAL,
            "the client did not come back with an answer",
            Json.object("reason", "client_unavailable"));
  }
}
