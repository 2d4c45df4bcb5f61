package io.watchgate.downstream;

import io.watchgate.flow.Refusals.Kind;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.InvalidRequest;
import io.watchgate.flow.Rejection.Overloaded;
import io.watchgate.flow.Rejection.ShuttingDown;
import io.watchgate.flow.Reply;
import io.watchgate.flow.RescueLayer;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.jsonrpc.Message;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one read from a client brought: a message, or a batch of them. Taking it in registers its
/// requests and carries out what must not wait; answering it may take long.
final class Inbox {
  private static final Logger log = LoggerFactory.getLogger(Inbox.class);
  private static final int MAX_BATCH = 1000;

  private final ClientSession session;
  private final Stateless stateless;
  private final Terms terms;

  /// An inbox for messages of the session only.
  Inbox(ClientSession session, Terms terms) {
    this(session, Stateless.REFUSED, terms);
  }

  /// An inbox for messages of both eras.
  Inbox(ClientSession session, Stateless stateless, Terms terms) {
    this.session = session;
    this.stateless = stateless;
    this.terms = terms;
  }

  /// Takes what claims to stand for itself, and so belongs to no session.
  interface Stateless {
    Stateless REFUSED = new Refusing();

    /// Registers a request and gives what is left to do.
    ///
    /// @throws Rejection when it cannot be served
    Work take(Request request);

    /// Takes a notification, which may wait for servers; one that is not accepted is dropped.
    void take(Notification notification);
  }

  /// For transports that have sessions only.
  private static final class Refusing implements Stateless {
    @Override
    public Work take(Request request) {
      throw new Rejection(new InvalidRequest("requests without a session are not served here"));
    }

    @Override
    public void take(Notification notification) {
      log.debug("{} of no session is not taken here", notification.method());
    }
  }

  /// What is left to do for what was read.
  @FunctionalInterface
  interface Work {

    /// Does it on this thread.
    ///
    /// @return what goes back to the client, empty when nothing does
    Optional<Answer> answer(Outlet way);
  }

  /// What goes back to the client.
  ///
  /// @param errorCode of the gateway's own refusal, 0 for every other answer
  /// @param retryAfterSeconds when it makes sense to ask again, 0 for every answer but a refusal
  ///   because of too much work, or of the end of the gateway
  record Answer(Json json, int errorCode, long retryAfterSeconds) {
    private static final long MILLIS = 1000;

    static Answer of(Reply reply) {
      return switch (reply) {
        case Reply.Refused(var response, var rejection) ->
            new Answer(response.toJson(), response.errorCode(), retryAfter(rejection));
        case Reply.Answered(var response) -> plain(response.toJson());
        case Reply.Accepted() -> throw new IllegalStateException("a notification has no answer");
      };
    }

    private static Answer plain(Json json) {
      return new Answer(json, 0, 0);
    }

    static Answer refusal(Response response) {
      return new Answer(response.toJson(), response.errorCode(), 0);
    }

    /// In whole seconds, at least one: the header knows no smaller unit.
    private static long retryAfter(Rejection rejection) {
      return switch (rejection.reason()) {
        case Overloaded(_, _, _, var after) ->
            Math.max(1, (after.toMillis() + MILLIS - 1) / MILLIS);
        case ShuttingDown() -> 1; // another gateway, or the one that is started next
        default -> 0;
      };
    }

    byte[] bytes() {
      return json.toBytes();
    }
  }

  /// Takes in what was read.
  ///
  /// @throws MalformedMessage when it is no message, with the error that answers it
  Work take(byte[] bytes) throws MalformedMessage {
    return take(Incoming.read(bytes, terms.limits()));
  }

  /// Takes in what was read.
  ///
  /// @throws MalformedMessage when it is no message, with the error that answers it
  Work take(Incoming incoming) throws MalformedMessage {
    return switch (incoming) {
      case Incoming.Single(var message) -> take(message);
      case Incoming.Batch(var elements) -> take(elements);
    };
  }

  private Work take(List<Json> batch) throws MalformedMessage {
    if (!session.version().hasBatches()) {
      throw MalformedMessage.invalidRequest(
          null, "revision " + session.version() + " has no batches");
    }
    if (batch.isEmpty() || batch.size() > MAX_BATCH) {
      throw MalformedMessage.invalidRequest(null, "a batch has 1 to " + MAX_BATCH + " messages");
    }
    if (batch.stream().anyMatch(Claim::isMade)) {
      throw MalformedMessage.invalidRequest(null, "a request that stands for itself comes alone");
    }
    var works = batch.stream().map(this::takeElement).toList();
    return way -> answerAll(works, way);
  }

  private Work takeElement(Json element) {
    try {
      return take(Message.read(element.toBytes(), terms.limits()));
    } catch (MalformedMessage malformed) {
      Malformed.count(malformed, terms, Optional.of(session));
      return _ -> Optional.of(Answer.refusal(malformed.answer()));
    }
  }

  private Work take(Message message) {
    return switch (message) {
      case Request request -> take(request);
      case Notification notification -> take(notification);
      case Response response -> {
        session.answered(response);
        yield _ -> Optional.empty();
      }
    };
  }

  private Work take(Request request) {
    try {
      if (Claim.isMade(request)) {
        return stateless.take(request);
      }
      var admitted = session.admit(request);
      return way -> session.answer(admitted, way).map(Answer::of);
    } catch (Rejection rejection) {
      return refused(request, rejection);
    }
  }

  private Work refused(Request request, Rejection rejection) {
    var response = RescueLayer.answer(request.id(), rejection, session.version());
    var code = OptionalInt.of(response.errorCode());
    terms.refusals().add(Kind.MESSAGE, response.errorMessage(), code, Optional.of(session));
    return _ -> Optional.of(Answer.of(new Reply.Refused(response, rejection)));
  }

  /// A cancellation must not wait behind anything; the others may have to wait for servers.
  private Work take(Notification notification) {
    if (notification.method().equals(Method.CANCELLED)) {
      session.notice(notification);
      return _ -> Optional.empty();
    }
    return _ -> {
      if (Claim.isMade(notification)) {
        stateless.take(notification);
      } else {
        session.notice(notification);
      }
      return Optional.empty();
    };
  }

  private static Optional<Answer> answerAll(List<Work> works, Outlet way) {
    var tasks = works.stream().map(work -> start(work, way)).toList();
    var answers = new ArrayList<Json>();
    try {
      for (var task : tasks) {
        task.get().ifPresent(answer -> answers.add(answer.json()));
      }
    } catch (InterruptedException _) {
      tasks.forEach(task -> task.cancel(true)); // the client is gone: nobody wants the others
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    return answers.isEmpty() ? Optional.empty() : Optional.of(Answer.plain(Json.array(answers)));
  }

  private static FutureTask<Optional<Answer>> start(Work work, Outlet way) {
    Callable<Optional<Answer>> answer = () -> work.answer(way);
    var task = new FutureTask<>(answer);
    Thread.ofVirtual().start(task);
    return task;
  }
}
