package io.watchgate.middleware;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Exchange;
import io.watchgate.plugin.Home;
import io.watchgate.plugin.Moment;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A plugin in a process of its own, in any language (`docs/plugins/process.md` has the protocol).
/// A process that ends is started again, after a pause that doubles. While there is none, and when
/// it answers what is no verdict, judging fails.
final class ProcessPlugin implements Plugin {
  private static final Logger log = LoggerFactory.getLogger(ProcessPlugin.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /// A process that lived that long has not failed from the start.
  private static final Duration STEADY = Duration.ofSeconds(30);

  private final ProcessSettings settings;
  private final Home home;
  private final Thread keeper;
  private final AtomicLong questions = new AtomicLong();
  private volatile ChildJudge child;
  private volatile long restarts;
  private boolean closed;

  ProcessPlugin(ProcessSettings settings, Home home) throws IOException {
    this.settings = settings;
    this.home = home;
    this.child = ChildJudge.start(settings, home.pause());
    this.keeper = Thread.ofVirtual().name("keeper of " + settings.shown()).unstarted(this::keep);
    keeper.start();
  }

  @Override
  public Set<Moment> moments() {
    return settings.judges();
  }

  @Override
  public Verdict onRequest(Exchange exchange, Content params) throws InterruptedException {
    return judge(Moment.REQUEST, exchange, params);
  }

  @Override
  public Verdict onResponse(Exchange exchange, Content answer) throws InterruptedException {
    return judge(Moment.RESPONSE, exchange, answer);
  }

  @Override
  public Verdict onNotification(Exchange exchange, Content params) throws InterruptedException {
    return judge(Moment.NOTIFICATION, exchange, params);
  }

  @Override
  public Verdict onServerRequest(Exchange exchange, Content params) throws InterruptedException {
    return judge(Moment.SERVER_REQUEST, exchange, params);
  }

  private Verdict judge(Moment moment, Exchange exchange, Content content)
      throws InterruptedException {
    if (!settings.methods().hasOrIsEmpty(exchange.method())) {
      return Verdict.PASS;
    }
    long id = questions.incrementAndGet();
    var question =
        Json.object(
            "id",
            id,
            "judge",
            lower(moment),
            "exchange",
            told(moment, exchange),
            "kind",
            lower(content.kind()),
            "content",
            content.json());
    return verdict(child.ask(id, question));
  }

  private static Json told(Moment moment, Exchange exchange) {
    var told =
        Json.object(
            "id",
            exchange.id(),
            "server",
            exchange.server(),
            "method",
            exchange.method(),
            "direction",
            lower(exchange.direction()),
            "principal",
            exchange.caller().principal(),
            "session",
            exchange.caller().session(),
            "client",
            exchange.caller().client(),
            "elapsed_ms",
            exchange.elapsed().toMillis());
    if (exchange.name().isPresent()) {
      told = told.plus("name", Json.string(exchange.name().get()));
    }
    return moment == Moment.RESPONSE ? told.plus("params", exchange.params()) : told;
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private Verdict verdict(Json answer) {
    var reason = answer.textMember("reason").orElse("");
    return switch (answer.textMember("verdict").orElse("")) {
      case "pass" -> reason.isEmpty() ? Verdict.PASS : new Verdict.Pass(reason);
      case "replace" -> new Verdict.Replace(object(answer, "content"), reason);
      case "block" -> new Verdict.Block(reason);
      case "complete" -> new Verdict.Complete(completed(answer), reason);
      default -> throw new IllegalStateException(settings.shown() + " gave no verdict that is one");
    };
  }

  private Content completed(Json answer) {
    return answer.member("error").isPresent()
        ? new Content(Content.Kind.ERROR, object(answer, "error"))
        : Content.result(object(answer, "result"));
  }

  private Json object(Json answer, String key) {
    return answer
        .member(key)
        .filter(Json::isObject)
        .orElseThrow(() ->
            new IllegalStateException(
                settings.shown() + " gave a verdict without an object as \"" + key + "\""));
  }

  /// Sees to it that there is a process, until the plugin ends.
  private void keep() {
    try {
      var pause = FIRST_PAUSE;
      while (true) {
        var start = home.clock().instant();
        child.awaitEnd();
        boolean wasSteady = Duration.between(start, home.clock().instant()).compareTo(STEADY) >= 0;
        pause = wasSteady ? FIRST_PAUSE : pause;
        log.warn(
            "{} is down, since {}; it is started in {} ms",
            settings.shown(),
            child.end(),
            pause.toMillis());
        home.pause().pass(pause);
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                ? pause.multipliedBy(2)
                : LONGEST_PAUSE;
        renew();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // the plugin ends
    }
  }

  private synchronized void renew() throws InterruptedException {
    if (closed) {
      throw new InterruptedException("the plugin ends");
    }
    child.close();
    try {
      child = ChildJudge.start(settings, home.pause());
      restarts++;
    } catch (IOException failure) {
      log.warn("{} cannot be started: {}", settings.shown(), failure.getMessage());
    }
  }

  @Override
  public Json status() {
    var now = child;
    var status =
        Json.object(
            "running",
            now.isRunning(),
            "pending",
            now.pending(),
            "questions",
            questions.get(),
            "restarts",
            restarts);
    return now.isRunning() ? status : status.plus("last_error", Json.string(now.end()));
  }

  @Override
  public synchronized void close() {
    closed = true;
    keeper.interrupt();
    child.close();
  }
}
