package io.watchgate.hosting;

import io.watchgate.flow.Time;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;

/// Asks one plugin and takes whatever it does. A plugin of others is asked on a thread of its own,
/// so that the message does not wait for one that never returns; its thread is interrupted, and
/// left behind when that does not help.
final class Watch {
  /// Threads that one plugin may hold: it hangs when it has that many.
  private static final int MOST_AT_ONCE = 1000;

  private final Plugin plugin;
  private final Optional<Duration> timeout;
  private final Time time;
  private final Semaphore free = new Semaphore(MOST_AT_ONCE);

  /// @param timeout for one message, empty for a plugin that is asked on the message's own thread
  Watch(Plugin plugin, Optional<Duration> timeout, Time time) {
    this.plugin = plugin;
    this.timeout = timeout;
    this.time = time;
  }

  Verdict ask(Question question) throws InterruptedException, Unjudged {
    return timeout.isPresent() ? watched(question, timeout.get()) : asked(question);
  }

  private Verdict asked(Question question) throws InterruptedException, Unjudged {
    try {
      return question.put(plugin);
    } catch (RuntimeException | StackOverflowError fault) { // supervised edge: code of plugins
      throw new Unjudged("it failed; the gateway's log has the details", fault);
    }
  }

  private Verdict watched(Question question, Duration longest)
      throws InterruptedException, Unjudged {
    if (!free.tryAcquire()) {
      throw new Unjudged("it hangs in " + MOST_AT_ONCE + " messages", null);
    }
    var verdict = new CompletableFuture<Verdict>();
    var thread = Thread.ofVirtual().name("plugin").start(() -> answer(question, verdict));
    try {
      return time.get(verdict, longest.toNanos());
    } catch (TimeoutException _) {
      throw new Unjudged("it took longer than " + longest.toMillis() + " ms", null);
    } catch (ExecutionException failure) {
      throw new Unjudged("it failed; the gateway's log has the details", failure.getCause());
    } finally {
      thread.interrupt();
    }
  }

  private void answer(Question question, CompletableFuture<Verdict> verdict) {
    try {
      verdict.complete(question.put(plugin));
    } catch (Throwable fault) { // supervised edge: code of others may throw anything
      verdict.completeExceptionally(fault);
    } finally {
      free.release();
    }
  }
}
