package io.watchgate.flow;

import java.util.ArrayList;
import java.util.List;

/// What others want done when a session ends. Safe for any number of threads.
public final class CloseActions {
  private final List<Runnable> actions = new ArrayList<>();
  private boolean closed;

  /// Keeps an action for the end; runs it at once when that is over.
  public void add(Runnable action) {
    synchronized (actions) {
      if (!closed) {
        actions.add(action);
        return;
      }
    }
    action.run();
  }

  /// Begins the end and hands over what is to be done, nothing the second time.
  public List<Runnable> close() {
    synchronized (actions) {
      var todo = List.copyOf(actions);
      actions.clear();
      closed = true;
      return todo;
    }
  }
}
