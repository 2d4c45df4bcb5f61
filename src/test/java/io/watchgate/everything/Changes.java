package io.watchgate.everything;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Tells everybody who listens what changed.
final class Changes {
  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();

  void listen(Consumer<Change> listener) {
    listeners.add(listener);
  }

  void leave(Consumer<Change> listener) {
    listeners.remove(listener);
  }

  void tell(Change change) {
    listeners.forEach(listener -> listener.accept(change));
  }
}
