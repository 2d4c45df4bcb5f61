package io.watchgate.agents.models;

import io.watchgate.agents.models.ModelRequest.Refused;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.CircuitOpen;
import io.watchgate.flow.Time;
import io.watchgate.resilience.Backoff;
import io.watchgate.resilience.CircuitBreaker;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A model that is a service. A request is made again as long as nothing of an answer came; a
/// service that fails again and again is left alone for a while.
final class RemoteModel implements Model {
  private static final Logger log = LoggerFactory.getLogger(RemoteModel.class);
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final int FAILURES = 5;
  private static final Duration RECOVERY = Duration.ofSeconds(30);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

  /// A service that wants to be left alone for longer gets its wish: the answer is that it does.
  private static final Duration MOST_ASKED_FOR = Duration.ofSeconds(30);

  private final ModelSettings settings;
  private final Dialect dialect;
  private final Time time;
  private final Backoff backoff;
  private final CircuitBreaker breaker;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER) // the key is for nobody else
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  RemoteModel(ModelSettings settings, Dialect dialect, Time time, RandomGenerator random) {
    this.settings = settings;
    this.dialect = dialect;
    this.time = time;
    this.backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, 0.5, random);
    this.breaker = new CircuitBreaker("model " + settings.name(), FAILURES, RECOVERY, 1, time);
  }

  @Override
  public Turn next(Conversation conversation, Wish wish) throws ModelFailure, InterruptedException {
    var entered = enter();
    boolean known = false;
    try {
      var turn = attempt(conversation, wish);
      breaker.succeeded(entered);
      known = true;
      return turn;
    } catch (Refused refused) {
      known = true;
      if (refused.isOfTheService()) {
        breaker.failed(entered, refused.why(), true);
      } else {
        breaker.succeeded(entered);
      }
      throw new ModelFailure("model \"%s\" %s".formatted(settings.name(), refused.why()));
    } finally {
      if (!known) {
        breaker.left(entered);
      }
    }
  }

  private CircuitBreaker.Entered enter() throws ModelFailure {
    try {
      return breaker.enter();
    } catch (Rejection rejection) {
      if (rejection.reason() instanceof CircuitOpen(_, var cause, var retryAfter)) {
        throw new ModelFailure(
            ("model \"%s\" failed %d times in a row and is left alone; the last time it %s;"
                    + " try again in %d ms")
                .formatted(settings.name(), FAILURES, cause, retryAfter.toMillis()));
      }
      throw rejection;
    }
  }

  private Turn attempt(Conversation conversation, Wish wish)
      throws Refused, ModelFailure, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      var until = Deadline.after(settings.timeout(), time).orSooner(wish.deadline());
      try {
        return new ModelRequest(settings, dialect, client, time).send(conversation, wish, until);
      } catch (Refused refused) {
        var pause = refused.retryAfter().orElse(backoff.before(attempt));
        if (!refused.isWorthAnotherTry()
            || attempt > settings.retries()
            || pause.compareTo(MOST_ASKED_FOR) > 0
            || wish.deadline().remainingNanos() <= pause.toNanos()) {
          throw refused;
        }
        log.debug("{} {}: again in {} ms", settings.name(), refused.why(), pause.toMillis());
        time.pass(pause);
      }
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
