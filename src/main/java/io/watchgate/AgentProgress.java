package io.watchgate;

import io.watchgate.agents.Progress;
import io.watchgate.agents.Step;
import java.io.PrintStream;

/// Prints how an execution goes on: a line for each step, and on a terminal what is done at the
/// moment, in one line below them that changes.
final class AgentProgress implements Progress {
  private static final String ERASE = "\r\u001b[K";

  private final PrintStream out;
  private final boolean live;

  AgentProgress(PrintStream out, boolean live) {
    this.out = out;
    this.live = live;
  }

  @Override
  public synchronized void began(String execution) {
    clear();
    out.println(execution + " began");
    now("thinking");
  }

  @Override
  public synchronized void calling(String tool) {
    now("calling " + tool);
  }

  @Override
  public synchronized void ended(Step step) {
    clear();
    out.printf(
        "  %s %s after %d ms%n", step.tool(), step.outcome().label(), step.took().toMillis());
    now("thinking");
  }

  private void now(String what) {
    if (live) {
      out.print(ERASE + what + " ...");
      out.flush();
    }
  }

  /// Takes away the line that changes.
  synchronized void clear() {
    if (live) {
      out.print(ERASE);
      out.flush();
    }
  }
}
