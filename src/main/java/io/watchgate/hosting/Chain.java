package io.watchgate.hosting;

import io.watchgate.flow.Rejection;
import io.watchgate.flow.Rejection.Blocked;
import io.watchgate.flow.Rejection.PluginFailed;
import io.watchgate.flow.Time;
import io.watchgate.flow.Trail;
import io.watchgate.flow.Trail.Judgement;
import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Moment;
import io.watchgate.plugin.Verdict;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The plugins of one server in their order. Each sees what the one before it made of a message; a
/// block is final; one that could not judge refuses the message when it is critical, and is passed
/// over when it is not.
final class Chain {
  private static final Logger log = LoggerFactory.getLogger(Chain.class);

  private final List<Installed> plugins;
  private final Map<Moment, List<Installed>> asked = new EnumMap<>(Moment.class);
  private final Time time;

  /// What all plugins together made of a message.
  sealed interface Judged {}

  /// It goes on.
  ///
  /// @param replacement of its content, empty when it goes on as it was
  record Passed(Optional<Json> replacement) implements Judged {}

  /// It is answered here.
  record Completed(Content answer) implements Judged {}

  /// It goes nowhere.
  record Refused(Rejection.Reason reason) implements Judged {}

  /// @param plugins in their order
  Chain(List<Installed> plugins, Time time) {
    this.plugins = List.copyOf(plugins);
    this.time = time;
    for (var moment : Moment.values()) {
      var mine = plugins.stream().filter(each -> each.plugin().moments().contains(moment)).toList();
      asked.put(moment, mine);
    }
  }

  List<Installed> plugins() {
    return plugins;
  }

  /// Whether any plugin wants to see such messages.
  boolean asksAt(Moment moment) {
    return !askedAt(moment).isEmpty();
  }

  private List<Installed> askedAt(Moment moment) {
    return Objects.requireNonNull(asked.get(moment));
  }

  /// Asks the plugins one after the other.
  ///
  /// @param trail gets what they say
  Judged judge(Question question, Trail trail) throws InterruptedException {
    var current = question;
    boolean isAsItWas = true;
    for (var plugin : askedAt(question.moment())) {
      try {
        var verdict = ask(plugin, current, trail);
        switch (verdict) {
          case Verdict.Pass _ -> {}
          case Verdict.Replace(var json, var _) -> {
            current = current.about(json);
            isAsItWas = false;
          }
          case Verdict.Complete(var answer, var _) -> {
            return new Completed(answer);
          }
          case Verdict.Block(var reason) -> {
            return new Refused(new Blocked(current.exchange().server(), plugin.name(), reason));
          }
        }
      } catch (Unjudged failure) {
        if (plugin.terms().isCritical()) {
          var what = String.valueOf(failure.getMessage());
          return new Refused(new PluginFailed(current.exchange().server(), plugin.name(), what));
        }
      }
    }
    return new Passed(isAsItWas ? Optional.empty() : Optional.of(current.content().json()));
  }

  private Verdict ask(Installed plugin, Question question, Trail trail)
      throws InterruptedException, Unjudged {
    long began = time.nanos();
    var span = trail.span().part("plugin", plugin.name());
    try {
      var verdict = question.checked(plugin.watch().ask(question));
      var said = judgement(plugin, verdict);
      plugin.verdicts().add(said.verdict(), time.nanos() - began);
      span.note("watchgate.plugin.verdict", said.verdict());
      if (!said.equals(new Judgement(plugin.name(), "pass", ""))) {
        trail.judged(said);
      }
      return verdict;
    } catch (Unjudged failure) {
      span.failed("failed");
      plugin.verdicts().add("failed", time.nanos() - began);
      trail.judged(judgement(plugin, failure));
      log.error(
          "plugin \"{}\" could not judge {} of server \"{}\": {}",
          plugin.name(),
          question.exchange().method(),
          question.exchange().server(),
          failure.getMessage(),
          failure.getCause());
      throw failure;
    } finally {
      span.close();
    }
  }

  /// What goes nowhere because a plugin could not judge it is blocked by that plugin.
  private static Judgement judgement(Installed plugin, Unjudged failure) {
    var what = plugin.terms().isCritical() ? "block" : "failed";
    return new Judgement(plugin.name(), what, String.valueOf(failure.getMessage()));
  }

  private static Judgement judgement(Installed plugin, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Pass(var note) -> new Judgement(plugin.name(), "pass", note);
      case Verdict.Replace(var _, var reason) -> new Judgement(plugin.name(), "replace", reason);
      case Verdict.Block(var reason) -> new Judgement(plugin.name(), "block", reason);
      case Verdict.Complete(var _, var reason) -> new Judgement(plugin.name(), "complete", reason);
    };
  }
}
