package io.watchgate.simulation;

import io.watchgate.jsonrpc.Response;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/// Who asked what, who got which answer, and what the servers did for it: finds out when something
/// is not as it must be.
final class Ledger {
  /// What the machinery may take beyond a deadline: a simulated world computes in no time.
  private static final Duration SLACK = Duration.ofMillis(1);

  /// How long it may take until a server knows that nobody waits.
  private static final Duration TO_HEAR_OF_IT = Duration.ofSeconds(1);

  private final World world;
  private final Map<String, Question> open = new LinkedHashMap<>();
  private final PriorityQueue<Question> byEnd =
      new PriorityQueue<>((one, other) -> Long.compare(one.endNanos, other.endNanos));
  private final Map<String, Work> works = new HashMap<>();
  private final Set<String> executed = new HashSet<>();
  private final Map<String, Integer> counts = new HashMap<>();

  /// A request of a client that waits for its answer.
  private static final class Question {
    final String key;
    final String token;
    final boolean isReturn;
    final long endNanos;
    boolean cancelled;
    boolean over;

    Question(String key, String token, boolean isReturn, long endNanos) {
      this.key = key;
      this.token = token;
      this.isReturn = isReturn;
      this.endNanos = endNanos;
    }
  }

  Ledger(World world) {
    this.world = world;
  }

  /// A client asks.
  ///
  /// @param token what an answer to a call must contain, empty for other requests
  /// @param isReturn whether the client comes back for a call: taking that back may leave the call
  ///   where it was, waiting for the client
  /// @param longest when it must have been answered
  void asked(String client, String id, String token, boolean isReturn, Duration longest) {
    long end = world.elapsedNanos() + longest.plus(SLACK).toNanos();
    var question = new Question(key(client, id), token, isReturn, end);
    open.put(question.key, question);
    byEnd.add(question);
    count("asked");
  }

  private static String key(String client, String id) {
    return client + " " + id;
  }

  /// A client got an answer.
  void answered(String client, Response answer) {
    var id = answer.id().map(each -> each.json()).orElse("null");
    var question = open.remove(key(client, id));
    if (question == null) {
      world.story().broken("%s got an answer that it does not wait for: %s".formatted(client, id));
      return;
    }
    question.over = true;
    answer
        .result()
        .filter(result -> !question.token.isEmpty())
        .filter(result -> result.member("isError").isEmpty())
        .filter(result -> !result.toString().contains("\"" + question.token + "\""))
        .ifPresent(result ->
            broken("%s asked %s, and the answer is %s".formatted(client, question.token, result)));
    count(answer.error().isPresent() ? "refused" : "answered");
  }

  /// A client wants no answer any more; it may get one that is on its way.
  void cancelled(String client, String id) {
    var question = open.get(key(client, id));
    if (question != null && !question.cancelled) {
      question.cancelled = true;
      count("cancelled");
      if (!question.isReturn) {
        expectEnd(question);
      }
    }
  }

  /// No server may work for long on what nobody waits for.
  private void expectEnd(Question question) {
    world.after(
        TO_HEAR_OF_IT,
        "check " + question.key,
        () -> {
          var work = works.get(question.token);
          if (work != null && !work.isOver()) {
            broken("nobody waits for %s, and its server does not know".formatted(question.token));
          }
        });
  }

  /// A client is gone with all its questions.
  ///
  /// @param isSession whether its going ends what it asked
  void gone(String client, boolean isSession) {
    for (var question : List.copyOf(open.values())) {
      if (question.key.startsWith(client + " ")) {
        question.over = true;
        open.remove(question.key);
        if (isSession && !question.token.isEmpty()) {
          expectEnd(question);
        }
      }
    }
  }

  /// A server starts to work on a call.
  ///
  /// @param round what the client brought back, empty for the first time
  void executes(String server, String token, String round, Work work) {
    if (!executed.add(token + " " + round)) {
      broken("server %s works on the call %s again".formatted(server, token));
    }
    works.put(token, work);
    count("executed");
  }

  /// What must hold at any time.
  void check() {
    for (var next = byEnd.peek(); next != null; next = byEnd.peek()) {
      if (!next.over && next.endNanos >= world.elapsedNanos()) {
        return;
      }
      byEnd.poll();
      if (!next.over && !next.cancelled) {
        broken("%s (%s) was not answered in time".formatted(next.key, next.token));
      }
    }
  }

  /// What must hold when nothing happens any more.
  void checkEnd() {
    open.values().stream()
        .filter(question -> !question.cancelled)
        .forEach(question -> broken(question.key + " was never answered"));
  }

  void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  Map<String, Integer> counts() {
    return counts;
  }

  void broken(String what) {
    world.story().broken(what);
  }
}
