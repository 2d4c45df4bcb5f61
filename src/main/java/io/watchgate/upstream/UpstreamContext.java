package io.watchgate.upstream;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Reach;
import io.watchgate.flow.Rejection.Unavailable;
import io.watchgate.flow.Server;
import io.watchgate.flow.ServerEvents;
import io.watchgate.flow.Time;
import io.watchgate.flow.Witness;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.upstream.UpstreamSettings.Remote;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the sessions with one server have in common.
final class UpstreamContext {
  private static final Logger log = LoggerFactory.getLogger(UpstreamContext.class);

  private final Server server;
  private final UpstreamSettings settings;
  private final Upstream.Terms terms;
  private final ServerEvents events;
  private final MirroredHeaders mirrors = new MirroredHeaders();
  private final CreationTimes creations = new CreationTimes();
  private final Traffic traffic = new Traffic();
  private final Semaphore retryTurn = new Semaphore(1);
  private final AtomicLong ids = new AtomicLong();
  private final AtomicLong garbage = new AtomicLong();
  private final Probes probes;

  UpstreamContext(
      Server server, UpstreamSettings settings, Upstream.Terms terms, ServerEvents events) {
    this.server = server;
    this.settings = settings;
    this.terms = terms;
    this.events = events;
    this.probes = new Probes(settings.target() instanceof Remote, terms.time());
  }

  Server server() {
    return server;
  }

  ServerEvents events() {
    return events;
  }

  UpstreamSettings settings() {
    return settings;
  }

  Limits limits() {
    return terms.limits();
  }

  /// Name and version of the gateway, as `clientInfo`.
  Json self() {
    return terms.self();
  }

  /// Sees the server come and go.
  Witness witness() {
    return terms.witness();
  }

  Time time() {
    return terms.time();
  }

  /// The point in time at which this has passed.
  Deadline after(Duration duration) {
    return Deadline.after(duration, terms.time());
  }

  /// Who tries a server that may not be there.
  Probes probes() {
    return probes;
  }

  CreationTimes creations() {
    return creations;
  }

  Traffic traffic() {
    return traffic;
  }

  MirroredHeaders mirrors() {
    return mirrors;
  }

  /// Has one link at a time try again by itself: more would learn no more of a server that is not
  /// there.
  ///
  /// @return whose interrupt takes the turn from it
  Thread inTurn(Runnable retry) {
    return Thread.ofVirtual().name("retry " + settings.name()).start(() -> runInTurn(retry));
  }

  private void runInTurn(Runnable retry) {
    try {
      retryTurn.acquire();
    } catch (InterruptedException _) {
      return;
    }
    try {
      retry.run();
    } finally {
      retryTurn.release();
    }
  }

  /// Why a call is refused of which nothing was sent.
  Rejection unavailable(String cause) {
    return unavailable(cause, Reach.NOT_SENT);
  }

  /// Why a call is refused that came so far.
  Rejection unavailable(String cause, Reach reach) {
    return new Rejection(new Unavailable(settings.name(), cause, reach));
  }

  /// An id that no request to this server had before.
  long nextId() {
    return ids.incrementAndGet();
  }

  /// Counts what a server sent that is no message for anyone.
  void garbage(String what) {
    long count = garbage.incrementAndGet();
    if (Long.bitCount(count)
        == 1) { // the 1st, 2nd, 4th, 8th …: a babbling server cannot fill the log
      log.warn("server \"{}\" sent {} ({} such so far)", settings.name(), what, count);
    }
  }

  long garbageCount() {
    return garbage.get();
  }
}
