package io.watchgate.upstream;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.ServerStatus.Offer;
import io.watchgate.mcp.Era;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings new sessions with a server to where they can be used, and says how long that took.
final class SessionMaker {
  private static final Logger log = LoggerFactory.getLogger(SessionMaker.class);

  private final UpstreamContext context;
  private final Wishes wishes;
  private final Era era;

  /// @param wishes what the users of the sessions want of each
  SessionMaker(UpstreamContext context, Wishes wishes, Era era) {
    this.context = context;
    this.wishes = wishes;
    this.era = era;
  }

  /// Connects, shakes hands or asks what there is, and waits until the server is ready.
  ///
  /// @param label tells the session from others
  /// @param patience how long that may take
  /// @throws Rejection when the server is unavailable: one that does not finish is not slow
  Offer open(UpstreamSession session, String label, Duration patience)
      throws Opening.Refused, InterruptedException {
    long startedNanos = context.time().nanos();
    log.info("session creation started for {}", label);
    try {
      var offer = open(session, context.after(patience));
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
