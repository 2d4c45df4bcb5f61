package io.watchgate.agents;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// The executions that run, and the newest of those that ended. Bounded, apart from those that run,
/// which are bounded otherwise; safe for any number of threads.
final class Jobs {
  private static final int MOST_ENDED = 1000;
  private static final long MOST_CHARACTERS = 16 << 20;

  private final SequencedMap<String, Job> jobs = new LinkedHashMap<>();

  /// Takes in a job, unless there is another one of its name.
  synchronized boolean add(Job job) {
    forgetOldest();
    return jobs.putIfAbsent(job.id(), job) == null;
  }

  private void forgetOldest() {
    var ended = jobs.values().stream().filter(Job::hasEnded).toList();
    long characters = ended.stream().mapToLong(job -> job.state().answer().length()).sum();
    for (int i = 0; ended.size() - i > MOST_ENDED || characters > MOST_CHARACTERS; i++) {
      var oldest = ended.get(i);
      characters -= oldest.state().answer().length();
      jobs.remove(oldest.id());
    }
  }

  /// A job of a principal; that of another one is nobody's.
  synchronized Optional<Job> find(String id, String principal) {
    return Optional.ofNullable(jobs.get(id)).filter(job -> job.principal().equals(principal));
  }

  synchronized List<Job> all() {
    return List.copyOf(jobs.values());
  }
}
