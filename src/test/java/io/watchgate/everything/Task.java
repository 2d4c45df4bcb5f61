package io.watchgate.everything;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A call that runs on its own.
///
///     WORKING -> INPUT_REQUIRED -> WORKING -> COMPLETED | FAILED | CANCELLED
final class Task {
  static final int POLL_MILLIS = 200;

  private final String id;
  private final Duration ttl;
  private final InstantSource clock;
  private final Consumer<Task> listener;
  private final Instant created;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, Pending> pending = new LinkedHashMap<>();
  private Status status = Status.WORKING;
  private Instant updated;
  private @Nullable ObjectNode result;
  private @Nullable ObjectNode error;
  private @Nullable Thread worker;

  /// Where a task is.
  enum Status {
    WORKING,
    INPUT_REQUIRED,
    COMPLETED,
    FAILED,
    CANCELLED;

    boolean isTerminal() {
      return this == COMPLETED || this == FAILED || this == CANCELLED;
    }

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// A task at one moment.
  ///
  /// @param result what the tool returned, if the task is completed
  /// @param error the JSON-RPC error, if the task failed
  record View(
      Status status,
      Instant created,
      Instant updated,
      Map<String, Input> pending,
      @Nullable ObjectNode result,
      @Nullable ObjectNode error) {}

  private record Pending(Input input, CompletableFuture<JsonNode> answer) {}

  Task(String id, Duration ttl, InstantSource clock, Consumer<Task> listener) {
    this.id = id;
    this.ttl = ttl;
    this.clock = clock;
    this.listener = listener;
    this.created = clock.instant();
    this.updated = created;
  }

  String id() {
    return id;
  }

  Duration ttl() {
    return ttl;
  }

  boolean isExpired() {
    return clock.instant().isAfter(created.plus(ttl));
  }

  View view() {
    lock.lock();
    try {
      var open = new LinkedHashMap<String, Input>();
      pending.forEach((key, input) -> open.put(key, input.input()));
      return new View(status, created, updated, open, result, error);
    } finally {
      lock.unlock();
    }
  }

  void start(Tool tool, Call call) {
    lock.lock();
    try {
      worker = Thread.ofVirtual().name("task-" + id).start(() -> run(tool, call));
    } finally {
      lock.unlock();
    }
  }

  private void run(Tool tool, Call call) {
    try {
      ObjectNode returned = tool.run(call);
      change(Status.COMPLETED, () -> result = returned);
    } catch (Failure failure) {
      change(Status.FAILED, () -> error = failure.error());
    } catch (InterruptedException e) {
      change(Status.CANCELLED, () -> {});
    }
  }

  /// Parks the task until all inputs are there.
  Map<String, JsonNode> ask(Map<String, Input> inputs) throws InterruptedException {
    var asked = new LinkedHashMap<String, Pending>();
    inputs.forEach((key, input) -> asked.put(key, new Pending(input, new CompletableFuture<>())));
    change(Status.INPUT_REQUIRED, () -> pending.putAll(asked));
    var answers = new LinkedHashMap<String, JsonNode>();
    for (var entry : asked.entrySet()) {
      answers.put(entry.getKey(), await(entry.getValue().answer()));
    }
    return answers;
  }

  private static JsonNode await(CompletableFuture<JsonNode> answer) throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new Trouble(String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()));
    }
  }

  /// Takes answers; keys that nobody asked for are ignored.
  void answer(JsonNode responses) {
    lock.lock();
    try {
      for (var entry : responses.properties()) {
        var asked = pending.get(entry.getKey());
        if (asked != null) {
          asked.input().check(entry.getKey(), entry.getValue());
        }
      }
      for (var entry : responses.properties()) {
        settle(entry.getKey(), waiting -> waiting.complete(entry.getValue()));
      }
    } finally {
      lock.unlock();
    }
  }

  /// Tells the tool that an input will not come.
  void refuse(String key, String reason) {
    settle(key, waiting -> waiting.completeExceptionally(new Trouble(reason)));
  }

  private void settle(String key, Consumer<CompletableFuture<JsonNode>> outcome) {
    lock.lock();
    try {
      var asked = pending.remove(key);
      if (asked != null) {
        if (pending.isEmpty()) {
          change(Status.WORKING, () -> {});
        }
        outcome.accept(asked.answer());
      }
    } finally {
      lock.unlock();
    }
  }

  /// Cancels the task; one that has ended stays as it is.
  void cancel() {
    lock.lock();
    try {
      change(Status.CANCELLED, pending::clear);
      if (worker != null) {
        worker.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  private void change(Status next, Runnable detail) {
    lock.lock();
    try {
      if (status.isTerminal()) {
        return;
      }
      status = next;
      updated = clock.instant();
      detail.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    listener.accept(this);
  }

  /// Waits until the task has ended or wants input that is not among these keys.
  View awaitNews(Set<String> known) throws InterruptedException {
    lock.lock();
    try {
      while (!status.isTerminal() && known.containsAll(pending.keySet())) {
        changed.await();
      }
      return view();
    } finally {
      lock.unlock();
    }
  }
}
