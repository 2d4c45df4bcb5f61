package io.watchgate.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Asks several members at once and keeps their order. The one place that would change with
/// structured concurrency.
final class FanOut {

  /// A question to one member.
  @FunctionalInterface
  interface Question<T> {
    T ask(Member member) throws InterruptedException;
  }

  private FanOut() {}

  /// All answers, in the members' order. Every member has a thread of its own, so that an
  /// interruption ends the wait, whoever is waited for, and reaches all members.
  static <T> List<T> all(List<Member> members, Question<T> question) throws InterruptedException {
    var tasks = new ArrayList<FutureTask<T>>();
    for (var member : members) {
      tasks.add(new FutureTask<>(() -> question.ask(member)));
    }
    tasks.forEach(Thread.ofVirtual()::start);
    try {
      var answers = new ArrayList<T>();
      for (var task : tasks) {
        answers.add(task.get());
      }
      return answers;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof InterruptedException) {
        throw new InterruptedException("cancelled");
      }
      throw e.getCause() instanceof RuntimeException fault
          ? fault
          : new IllegalStateException(e.getCause());
    } finally {
      tasks.forEach(task -> task.cancel(true));
    }
  }
}
