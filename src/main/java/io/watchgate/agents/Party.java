package io.watchgate.agents;

import io.watchgate.agents.Orders.Several;
import io.watchgate.agents.Result.Status;
import io.watchgate.jsonrpc.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/// Several executions at once, until as many have completed as are needed; the others are
/// cancelled.
public final class Party {
  private final Agents agents;
  private final Several wanted;
  private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();

  private Party(Agents agents, Several wanted) {
    this.agents = agents;
    this.wanted = wanted;
  }

  /// One of them that ended.
  ///
  /// @param refusal why it did not begin, empty when it did
  private record Ended(int number, Result result, Optional<Refusal> refusal) {}

  /// What came of all of them, in their order.
  ///
  /// @param refusal why none of them began, empty when one did
  public record Outcome(
      String join, boolean hasEnough, List<Result> results, Optional<Refusal> refusal) {

    /// In JSON, whose keys always come in this order.
    Json toJson(Duration took) {
      return Json.object(
          "join",
          join,
          "status",
          hasEnough ? Status.COMPLETED.label() : Status.FAILED.label(),
          "executions",
          Json.array(results.stream().map(Result::toJson).toList()),
          "duration_ms",
          took.toMillis());
    }
  }

  /// Runs them all to their end.
  ///
  /// @param progress hears of all of them
  public static Outcome run(Agents agents, List<Order> orders, Supplier<Progress> progress)
      throws InterruptedException {
    return run(agents, new Several(orders, "all", orders.size()), progress);
  }

  static Outcome run(Agents agents, Several wanted, Supplier<Progress> progress)
      throws InterruptedException {
    return new Party(agents, wanted).run(progress);
  }

  private Outcome run(Supplier<Progress> progress) throws InterruptedException {
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < wanted.orders().size(); i++) {
      int number = i;
      var listening = progress.get();
      threads.add(Thread.startVirtualThread(() -> ended.add(one(number, listening))));
    }
    try {
      return gathered(threads);
    } finally {
      threads.forEach(Thread::interrupt);
    }
  }

  private Outcome gathered(List<Thread> threads) throws InterruptedException {
    var results = new Result[threads.size()];
    var refusals = new ArrayList<Refusal>();
    int completed = 0;
    for (int i = 0; i < results.length; i++) {
      var one = ended.take();
      results[one.number] = one.result;
      one.refusal.ifPresent(refusals::add);
      completed += one.result.status() == Status.COMPLETED ? 1 : 0;
      if (completed == wanted.needed()) {
        threads.forEach(Thread::interrupt);
      }
    }
    boolean noneBegan = refusals.size() == results.length;
    return new Outcome(
        wanted.join(),
        completed >= wanted.needed(),
        Arrays.asList(results),
        noneBegan ? Optional.of(refusals.getFirst()) : Optional.empty());
  }

  private Ended one(int number, Progress progress) {
    var order = wanted.orders().get(number);
    try {
      return new Ended(number, agents.start(order, progress).awaitOrCancel(), Optional.empty());
    } catch (Refusal refusal) {
      return new Ended(
          number,
          Result.none("", order, Status.REFUSED, Optional.of(refusal.what())),
          Optional.of(refusal));
    } catch (InterruptedException _) {
      var why = "others had completed before it began";
      return new Ended(
          number, Result.none("", order, Status.CANCELLED, Optional.of(why)), Optional.empty());
    }
  }
}
