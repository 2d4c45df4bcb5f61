package io.watchgate.downstream;

import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Overloaded;
import io.watchgate.jsonrpc.Notification;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The open listens of one session. Safe for any number of threads.
final class Listens {
  private static final int MAX_OPEN = 1000;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

  private final List<Listen> open = new CopyOnWriteArrayList<>();
  private boolean ended;

  /// Takes in a listen, which hears from now on what it asked for.
  ///
  /// @throws Rejection when there are too many
  synchronized void add(Listen listen) {
    if (open.size() >= MAX_OPEN) {
      throw new Rejection(new Overloaded("", open.size(), MAX_OPEN, RETRY_AFTER));
    }
    open.add(listen);
    if (ended) {
      listen.end();
    }
  }

  void remove(Listen listen) {
    open.remove(listen);
  }

  int count() {
    return open.size();
  }

  void tell(Notification notification) {
    open.forEach(listen -> listen.tell(notification));
  }

  /// Ends all with their answers, also those that are still to come.
  synchronized void endAll() {
    ended = true;
    open.forEach(Listen::end);
  }
}
