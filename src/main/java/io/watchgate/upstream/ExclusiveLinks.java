package io.watchgate.upstream;

import io.watchgate.flow.Call;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Overloaded;
import io.watchgate.mcp.Era;
import io.watchgate.mcp.Method;
import io.watchgate.upstream.UpstreamSettings.Remote;
import io.watchgate.upstream.UpstreamSettings.SessionScope;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Links of one stateless audience to a server of the other era, one for each call at a time: a
/// server on a pipe does not say for which call it asks the client something, so there must be one
/// call only that it can mean. Bounded; who comes when all are taken waits for a while.
final class ExclusiveLinks {
  /// Every link may be a process.
  private static final int MAX = 10;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String server;
  private final Link first;
  private final Supplier<Link> more;
  private final Semaphore places = new Semaphore(MAX, true);
  private final ConcurrentLinkedDeque<Link> idle = new ConcurrentLinkedDeque<>();
  private final List<Link> made = new ArrayList<>();

  /// @param first the link that the audience has anyway
  /// @param more makes another one
  ExclusiveLinks(String server, Link first, Supplier<Link> more) {
    this.server = server;
    this.first = first;
    this.more = more;
    idle.add(first);
  }

  /// Whether a server could ask for input without saying for which call it does.
  static boolean areNeeded(Call call, UpstreamSettings settings, Era era) {
    var client = call.client().session();
    return era == Era.HANDSHAKE
        && client.version().isStateless()
        && !client.capabilities().members().isEmpty()
        && settings.sessions() == SessionScope.PER_CLIENT
        && !(settings.target() instanceof Remote(_, _, var wire) && wire == Wire.STREAMABLE_HTTP)
        && Method.mayRequireInput(call.method());
  }

  /// A link that nobody else uses until it is given back.
  ///
  /// @throws Rejection when all are taken for too long
  Link take(Deadline deadline) throws InterruptedException {
    long patience = Math.min(PATIENCE.toNanos(), deadline.remainingNanos());
    if (!places.tryAcquire(patience, TimeUnit.NANOSECONDS)) {
      throw new Rejection(new Overloaded(server, MAX, MAX, PATIENCE));
    }
    var free = idle.poll();
    return free == null ? another() : free;
  }

  private synchronized Link another() {
    var link = more.get();
    made.add(link);
    return link;
  }

  /// The first link comes first again: what a server remembers in its process should be there for
  /// calls that come one after the other.
  void giveBack(Link link) {
    if (link == first) {
      idle.addFirst(link);
    } else {
      idle.addLast(link);
    }
    places.release();
  }

  /// Those beyond the first.
  synchronized Stream<Link> others() {
    return List.copyOf(made).stream();
  }
}
