package io.watchgate.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/// Takes what comes one after the other, on a thread that is there as long as there is something.
final class Mailbox {
  private final World world;
  private final String name;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private boolean working;

  Mailbox(World world, String name) {
    this.world = world;
    this.name = name;
  }

  void add(Runnable work) {
    waiting.addLast(work);
    if (!working) {
      working = true;
      world.start(name, this::work);
    }
  }

  private void work() {
    for (var next = waiting.pollFirst(); next != null; next = waiting.pollFirst()) {
      next.run();
      world.breathe();
    }
    working = false;
  }
}
