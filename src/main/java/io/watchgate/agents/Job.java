package io.watchgate.agents;

import io.watchgate.agents.Result.Status;
import io.watchgate.agents.models.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// An execution as those see it who wait for it: runs, then has a result.
public final class Job {
  private final String id;
  private final Order order;
  private final Thread thread;
  private final CompletableFuture<Result> result = new CompletableFuture<>();

  /// Does the work.
  @FunctionalInterface
  interface Work {
    Result run();
  }

  /// A job that is not at work yet.
  ///
  /// @param after what is done when the result is there
  Job(String id, Order order, Work work, Runnable after) {
    this.id = id;
    this.order = order;
    this.thread =
        Thread.ofVirtual()
            .name("agent " + id)
            .unstarted(() -> {
              var made = work.run();
              after.run();
              result.complete(made);
            });
  }

  void start() {
    thread.start();
  }

  public String id() {
    return id;
  }

  String principal() {
    return order.principal();
  }

  boolean hasEnded() {
    return result.isDone();
  }

  /// How it is: its result, or that it runs.
  Result state() {
    return result.getNow(
        new Result(
            id,
            order.type(),
            Status.RUNNING,
            "",
            List.of(),
            Tokens.NONE,
            Duration.ZERO,
            List.of(),
            Optional.empty()));
  }

  /// The result, once it is there.
  public Result await() throws InterruptedException {
    try {
      return result.get();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// Ends it, with a result that says so. Does nothing when it has ended.
  public void cancel() {
    thread.interrupt();
  }
}
