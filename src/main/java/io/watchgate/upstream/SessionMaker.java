package io.watchgate.upstream;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.flow.ServerStatus.Offer;
import io.watchgate.mcp.Era;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings new sessions with a server to where they can be used, and says how long that took.
final class SessionMaker {
  private static final Logger log = LoggerFactory.getLogger(SessionMaker.class);

  private final UpstreamContext context;
  private final Wishes wishes;
  private final Era era;
  private final CompletableFuture<?> vacancy;

  /// @param wishes what the users of the sessions want of each
  /// @param vacancy completes when the first session may be opened
  SessionMaker(UpstreamContext context, Wishes wishes, Era era, CompletableFuture<?> vacancy) {
    this.vacancy = vacancy;
    this.context = context;
    this.wishes = wishes;
    this.era = era;
  }

  /// Waits until there is room for a session: those before it may still be closing.
  ///
  /// @param patience how long the whole way to a session may take
  void awaitRoom(Duration patience) throws InterruptedException {
    try {
      var _ = context.time().get(vacancy, patience.toNanos());
    } catch (TimeoutException _) {
      var why = "no room for a session within " + patience.toMillis() + " ms: others are closing";
      throw context.unavailable(why, Reach.TOO_LATE);
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// Connects, shakes hands or asks what there is, and waits until the server is ready.
  ///
  /// @param label tells the session from others
  /// @param patience how long the whole way to a session may take
  /// @param deadline when that is over
  /// @throws Rejection when the server is unavailable: one that does not finish is not slow
  Offer open(UpstreamSession session, String label, Duration patience, Deadline deadline)
      throws Opening.Refused, InterruptedException {
    long startedNanos = context.time().nanos();
    log.info("session creation started for {}", label);
    try {
      var offer = open(session, deadline);
      long nanos = context.time().nanos() - startedNanos;
      context.creations().add(nanos);
      log.info(
          "session creation completed in {}s for {} ({})",
          seconds(nanos),
          label,
          offer.protocolVersion());
      return offer;
    } catch (Rejection rejection) {
      throw Opening.unreached(context.settings().name(), rejection, patience);
    }
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.3f", nanos / (double) TimeUnit.SECONDS.toNanos(1));
  }

  private Offer open(UpstreamSession session, Deadline deadline)
      throws Opening.Refused, InterruptedException {
    var offer = session.open(deadline);
    if (era == Era.HANDSHAKE) { // in the other era every request says what it wants
      new Readiness(context, session).await(deadline);
      session.listen();
      wishes.restore(session, offer);
    }
    return offer;
  }
}
