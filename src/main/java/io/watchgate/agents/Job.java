package io.watchgate.agents;

import io.watchgate.agents.Result.Status;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

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
    return result.getNow(Result.none(id, order, Status.RUNNING, Optional.empty()));
  }

  /// Has somebody told of the result, at once when it is there.
  void whenEnded(Consumer<Result> listener) {
    var _ = result.thenAccept(listener);
  }

  /// The result, once it is there. Who is interrupted cancels the execution, and gets that result.
  Result awaitOrCancel() {
    try {
      return await();
    } catch (InterruptedException _) {
      cancel();
      return result.join();
    }
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
