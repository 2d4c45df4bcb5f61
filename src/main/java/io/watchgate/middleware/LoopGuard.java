package io.watchgate.middleware;

import io.watchgate.jsonrpc.CanonicalJson;
import io.watchgate.jsonrpc.Json;
import io.watchgate.mcp.Method;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Exchange;
import io.watchgate.plugin.Metric;
import io.watchgate.plugin.Moment;
import io.watchgate.plugin.Options;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Stops a session that makes one and the same call again and again: the same tool of the same
/// server with arguments that mean the same. What was stopped does not count, so in every window
/// the bound is what goes through.
final class LoopGuard implements Plugin {
  /// Calls that are told apart; the one that was made longest ago is forgotten first.
  private static final int MOST_CALLS = 10_000;

  /// Larger arguments are the same only when they are spelled the same: sorting them costs more
  /// than a model that spells them in two ways is worth.
  private static final int SORTED_BYTES = 64 << 10;

  private final Settings settings;
  private final InstantSource clock;
  private final Map<String, ArrayDeque<Instant>> calls = new LinkedHashMap<>(16, 0.75f, true);
  private long repeats;

  LoopGuard(Settings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /// @param maxRepeats identical calls that go through in one window
  record Settings(
      ToolNames tools, ToolNames except, int maxRepeats, Duration window, Action action) {
    static final Duration LONGEST = Duration.ofDays(1);

    static Settings read(Options options) {
      var window = options.duration("window", Duration.ofSeconds(60));
      if (window.isZero() || window.compareTo(LONGEST) > 0) {
        options.problem("window", "has to be longer than 0 and at most 24 h");
      }
      return new Settings(
          ToolNames.read(options, "tools"),
          ToolNames.read(options, "except"),
          options.integer("max_repeats", 1, 100, 5),
          window,
          options.choice("action", Action.BLOCK));
    }
  }

  /// What becomes of a call beyond the bound.
  enum Action {
    BLOCK,
    WARN
  }

  @Override
  public Set<Moment> moments() {
    return EnumSet.of(Moment.REQUEST);
  }

  @Override
  public Verdict onRequest(Exchange exchange, Content params) {
    var tool = exchange.name().orElse("");
    if (!exchange.method().equals(Method.TOOLS_CALL)
        || !settings.tools.hasOrIsEmpty(tool)
        || settings.except.has(tool)) {
      return Verdict.PASS;
    }
    return excess(key(exchange, params.json())).map(wait -> told(tool, wait)).orElse(Verdict.PASS);
  }

  private static String key(Exchange exchange, Json params) {
    var arguments = params.member("arguments").orElse(Json.EMPTY_OBJECT);
    var small = arguments.length() <= SORTED_BYTES;
    return CanonicalJson.digest(
        Json.object(
            "session",
            exchange.caller().session(),
            "server",
            exchange.server(),
            "tool",
            exchange.name().orElse(""),
            "arguments",
            small ? arguments : arguments.toString()));
  }

  /// How long until the call may be made, empty when it may be made now.
  private synchronized Optional<Duration> excess(String key) {
    var now = clock.instant();
    var times = calls.computeIfAbsent(key, _ -> new ArrayDeque<>());
    times.removeIf(time -> isOver(time, now));
    if (calls.size() > MOST_CALLS) {
      calls.remove(calls.keySet().iterator().next());
    }
    Optional<Duration> wait = Optional.empty();
    if (times.size() == settings.maxRepeats) {
      repeats++;
      wait = Optional.of(settings.window.minus(Duration.between(times.getFirst(), now)));
      if (settings.action == Action.BLOCK) {
        return wait;
      }
      times.removeFirst();
    }
    times.add(now);
    return wait;
  }

  /// Also what a clock that was set back left in the future.
  private boolean isOver(Instant time, Instant now) {
    return time.isAfter(now) || !time.plus(settings.window).isAfter(now);
  }

  private Verdict told(String tool, Duration wait) {
    var what =
        "%s was called %d times with the same arguments within %s"
            .formatted(tool, settings.maxRepeats, shown(settings.window));
    return switch (settings.action) {
      case WARN -> new Verdict.Pass(what);
      case BLOCK ->
          new Verdict.Block(
              what + ": use the result there is, other arguments, or wait " + shown(wait));
    };
  }

  /// In seconds, up to the next one that is whole.
  private static String shown(Duration duration) {
    return duration.plusMillis(999).toSeconds() + " s";
  }

  @Override
  public synchronized Json status() {
    return Json.object("repeats", repeats, "action", action());
  }

  @Override
  public synchronized List<Metric> metrics() {
    return List.of(
        new Metric(
            "loop_guard_repeats_total",
            "Identical calls beyond the bound.",
            Map.of("action", action()),
            repeats));
  }

  private String action() {
    return settings.action.name().toLowerCase(Locale.ROOT);
  }
}
