package io.watchgate.agents;

import io.watchgate.agents.Result.Degradation;
import io.watchgate.agents.Result.Status;
import io.watchgate.agents.Step.Outcome;
import io.watchgate.agents.Toolbox.Around;
import io.watchgate.agents.Toolbox.Used;
import io.watchgate.agents.models.Conversation;
import io.watchgate.agents.models.Conversation.Answered;
import io.watchgate.agents.models.Conversation.Asked;
import io.watchgate.agents.models.Conversation.Returned;
import io.watchgate.agents.models.Model;
import io.watchgate.agents.models.Model.Wish;
import io.watchgate.agents.models.ModelFailure;
import io.watchgate.agents.models.Tokens;
import io.watchgate.agents.models.Turn;
import io.watchgate.flow.Deadline;
import io.watchgate.flow.Occurrence.SessionChanged;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One agent at work: asks the model, calls the tools that it wants, tells it what came of that,
/// and so on until it answers or a limit is reached. Runs on the caller's thread; an interruption
/// ends it.
final class Execution {
  private static final Logger log = LoggerFactory.getLogger(Execution.class);

  /// Calls of one turn that are made; a model that wants more is told so.
  private static final int MAX_CALLS = 32;

  /// How long a result is kept whose type does not say so.
  private static final Duration KEPT_FOR = Duration.ofMinutes(5);

  private final String id;
  private final AgentType type;
  private final Order order;
  private final Terms terms;
  private final Around around;
  private final Progress progress;
  private final Deadline deadline;
  private final long beganNanos;
  private final List<Step> steps = new ArrayList<>();
  private Tokens tokens = Tokens.NONE;
  private String answer = "";

  /// @param model that thinks
  /// @param mostTokens that it may use
  /// @param kept results of others
  record Terms(Model model, long mostTokens, KeptResults kept) {}

  Execution(String id, AgentType type, Order order, Terms terms, Around around, Progress progress) {
    this.id = id;
    this.type = type;
    this.order = order;
    this.terms = terms;
    this.around = around;
    this.progress = progress;
    this.beganNanos = around.time().nanos();
    this.deadline = Deadline.after(type.timeout(), around.time());
  }

  String id() {
    return id;
  }

  /// Does the work. Sessions with servers are there only meanwhile.
  ///
  /// @param reader of the principal
  Result run(AgentSession reader) {
    try {
      var tools = ToolList.read(type, around.doorway(), reader, deadline);
      return isKept() ? kept(reader, tools) : run(reader, tools);
    } catch (ToolList.Unreadable unreadable) {
      return failed(String.valueOf(unreadable.getMessage()));
    } catch (InterruptedException _) {
      return ended(List.of(), Status.CANCELLED, "it was cancelled");
    }
  }

  private Result kept(AgentSession reader, ToolList tools) {
    var key = new KeptResults.Key(order, tools.version());
    var known = terms.kept.find(key);
    if (known.isPresent()) {
      return known.get().again(id, took());
    }
    var result = run(reader, tools);
    terms.kept.keep(key, result, type.keptFor().orElse(KEPT_FOR));
    return result;
  }

  private boolean isKept() {
    return order.isKept() || type.keptFor().isPresent();
  }

  private Result run(AgentSession reader, ToolList tools) {
    try (var session = AgentSession.of(id, reader)) {
      around.witness().saw(new SessionChanged(session, "session/opened"));
      var toolbox = new Toolbox(session, id, tools, around, deadline);
      try {
        open(toolbox);
        return converse(toolbox);
      } catch (ModelFailure failure) {
        return deadline.remainingNanos() > 0
            ? ended(toolbox.missing(), Status.FAILED, failure.what())
            : ended(toolbox.missing(), Status.TIMEOUT, late() + "; " + failure.what());
      } catch (InterruptedException _) {
        return ended(toolbox.missing(), Status.CANCELLED, "it was cancelled");
      } finally {
        around.witness().saw(new SessionChanged(session, "session/closed"));
      }
    }
  }

  /// The result of one that cannot go on.
  Result failed(String why) {
    return ended(List.of(), Status.FAILED, why);
  }

  private String late() {
    return "there was no answer within " + type.timeout().toMillis() + " ms";
  }

  private void open(Toolbox toolbox) throws InterruptedException {
    var servers = List.copyOf(toolbox.tools().servers());
    if (servers.isEmpty()) {
      return;
    }
    long began = around.time().nanos();
    log.info("session creation started for {}", id);
    var ready = all(servers, toolbox::ready).stream().filter(Boolean::booleanValue).count();
    var seconds = (around.time().nanos() - began) / (double) TimeUnit.SECONDS.toNanos(1);
    log.info(
        "session creation completed in {}s for {} ({} of {} servers)",
        String.format(Locale.ROOT, "%.3f", seconds),
        id,
        ready,
        servers.size());
  }

  private Result converse(Toolbox toolbox) throws ModelFailure, InterruptedException {
    var fields =
        Map.of(
            "agent_type", type.name(),
            "repository_name", order.repository(),
            "user_query", order.query());
    var conversation =
        new Conversation(type.instructions().fill(fields), List.of(new Asked(order.query())));
    var offered = List.copyOf(toolbox.tools().offered().values());
    for (int step = 1; ; step++) {
      boolean mayCall = step < type.maxSteps();
      var wish = new Wish(offered, mayCall, type.temperature(), deadline, progress::text);
      var turn = terms.model.next(conversation, wish);
      tokens = tokens.plus(turn.tokens());
      answer = turn.text().isEmpty() ? answer : turn.text();
      var problem = turn.uses().isEmpty() ? problem(turn) : Optional.<String>empty();
      if (turn.uses().isEmpty() && problem.isEmpty()) {
        return ended(toolbox.missing(), Status.COMPLETED, "");
      }
      if (!mayCall) {
        return ended(toolbox.missing(), Status.MAX_STEPS, problem.orElse(endless()));
      }
      if (tokens.all() >= terms.mostTokens) {
        return ended(toolbox.missing(), Status.TOKEN_LIMIT, spent());
      }
      var next = problem.isPresent() ? new Asked(problem.get()) : returned(toolbox, turn);
      conversation = conversation.plus(new Answered(turn), next);
      if (deadline.remainingNanos() <= 0) {
        return ended(toolbox.missing(), Status.TIMEOUT, late());
      }
    }
  }

  private String endless() {
    return "the model asked for tools in each of %d steps".formatted(type.maxSteps());
  }

  private String spent() {
    return "the model used %d tokens, the limit is %d".formatted(tokens.all(), terms.mostTokens);
  }

  /// What is wrong with an answer, for the model to do better.
  private Optional<String> problem(Turn turn) {
    return type.outputSchema()
        .flatMap(schema -> Answers.problem(turn.text(), around.shelf().check(schema)));
  }

  /// Makes all calls of a turn at once.
  private Returned returned(Toolbox toolbox, Turn turn) throws InterruptedException {
    var used = new ArrayList<Used>();
    used.addAll(
        all(
            turn.uses().stream().limit(MAX_CALLS).toList(),
            use -> {
              progress.calling(Names.shown(use.name()));
              var one = toolbox.use(use);
              progress.ended(one.step());
              return one;
            }));
    for (var use : turn.uses().stream().skip(MAX_CALLS).toList()) {
      var why = "no more than " + MAX_CALLS + " tools are called at once";
      used.add(toolbox.refused(use, Outcome.OVERLOADED, why));
    }
    used.forEach(one -> steps.add(one.step()));
    return new Returned(used.stream().map(Used::result).toList());
  }

  /// What is done with one of several.
  @FunctionalInterface
  private interface Work<T, R> {
    R on(T one) throws InterruptedException;
  }

  /// Does the same with several at once, and waits until none of them is at work any more.
  private static <T, R> List<R> all(List<T> several, Work<T, R> work) throws InterruptedException {
    var tasks = several.stream().<Callable<R>>map(one -> () -> work.on(one)).toList();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var done = new ArrayList<R>();
      for (var task : threads.invokeAll(tasks)) {
        done.add(task.get());
      }
      return done;
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof InterruptedException) {
        throw new InterruptedException("cancelled");
      }
      throw new IllegalStateException(failure.getCause());
    }
  }

  private Duration took() {
    return Duration.ofNanos(around.time().nanos() - beganNanos);
  }

  private Result ended(List<Degradation> missing, Status status, String error) {
    return new Result(
        id,
        type.name(),
        status,
        answer,
        steps,
        tokens,
        took(),
        missing,
        error.isEmpty() ? Optional.empty() : Optional.of(error));
  }
}
