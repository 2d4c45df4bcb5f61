package io.watchgate.security;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Exchange;
import io.watchgate.plugin.Metric;
import io.watchgate.plugin.Options;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.Verdict;
import io.watchgate.scanning.Detector;
import io.watchgate.scanning.Hit;
import io.watchgate.scanning.Scan;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A plugin that looks for something in every message, both ways, whatever its size, and takes it
/// out, holds the message back, or only tells of it.
public final class Filter implements Plugin {
  private static final int MOST_NAMED = 5;

  /// More are not taken out one by one: what is put in their place would outgrow the message.
  private static final int MOST_REDACTED = 100_000;

  private final String handler;
  private final Policy policy;
  private final List<Detector> detectors;
  private final Function<Hit, String> replacement;
  private final ConcurrentMap<String, LongAdder> counts = new ConcurrentHashMap<>();

  /// What becomes of a message in which something is found.
  public enum Action {
    REDACT,
    BLOCK,
    AUDIT_ONLY
  }

  /// The options that all filters have.
  ///
  /// @param decodes whether base64 and the like are looked into
  public record Policy(Action action, boolean decodes) {
    /// What the options say.
    public static Policy read(Options options) {
      return new Policy(options.choice("action", Action.REDACT), options.flag("scan_base64", true));
    }
  }

  /// A filter of some detectors.
  ///
  /// @param handler its name in the metrics
  /// @param replacement what stands in the place of a find
  public Filter(
      String handler,
      Policy policy,
      List<? extends Detector> detectors,
      Function<Hit, String> replacement) {
    this.handler = handler;
    this.policy = policy;
    this.detectors = List.copyOf(detectors);
    this.replacement = replacement;
  }

  @Override
  public Verdict onRequest(Exchange exchange, Content params) {
    return judge(exchange, params);
  }

  @Override
  public Verdict onResponse(Exchange exchange, Content answer) {
    return judge(answer);
  }

  @Override
  public Verdict onNotification(Exchange exchange, Content params) {
    return judge(exchange, params);
  }

  @Override
  public Verdict onServerRequest(Exchange exchange, Content params) {
    return judge(exchange, params);
  }

  private Verdict judge(Exchange exchange, Content params) {
    var verdict = judge(params);
    boolean hides = policy.action != Action.AUDIT_ONLY && !(verdict instanceof Verdict.Block);
    return hides && isInMethod(exchange.method())
        ? new Verdict.Block("blocked: " + handler + " found something in the method's name")
        : verdict;
  }

  /// Nothing can stand in the place of a method, so what is found there is found out here.
  private boolean isInMethod(String method) {
    boolean ordinary =
        method.chars().allMatch(c -> c < 128 && (Character.isLetter(c) || c == '/' || c == '_'));
    return !ordinary && !scan(Content.result(Json.object("method", method))).isEmpty();
  }

  private Scan scan(Content content) {
    return Scan.of(content, detectors, view -> policy.decodes || !view.isDecoded());
  }

  private Verdict judge(Content content) {
    var scan = scan(content);
    if (scan.isEmpty()) {
      return Verdict.PASS;
    }
    var hits = scan.hits();
    hits.forEach(hit -> counts.computeIfAbsent(hit.type(), _ -> new LongAdder()).increment());
    if (policy.action == Action.AUDIT_ONLY) {
      return new Verdict.Pass("found " + said(hits));
    }
    if (policy.action == Action.BLOCK || hits.size() > MOST_REDACTED) {
      return new Verdict.Block("blocked for " + said(hits));
    }
    return new Verdict.Replace(scan.redacted(replacement), "redacted " + said(hits));
  }

  private static String said(List<Hit> hits) {
    var named =
        hits.stream().limit(MOST_NAMED).map(Hit::toString).collect(Collectors.joining(", "));
    int more = hits.size() - MOST_NAMED;
    return more > 0 ? named + ", and " + more + " more" : named;
  }

  @Override
  public Json status() {
    var found = new Object[counts.size() * 2];
    int at = 0;
    for (var count : List.copyOf(counts.entrySet()).subList(0, found.length / 2)) {
      found[at++] = count.getKey();
      found[at++] = count.getValue().sum();
    }
    return Json.object(
        "action", policy.action.name().toLowerCase(Locale.ROOT), "found", Json.object(found));
  }

  @Override
  public List<Metric> metrics() {
    return counts.entrySet().stream().map(this::metric).toList();
  }

  private Metric metric(Map.Entry<String, LongAdder> count) {
    var labels =
        Map.of(
            "handler", handler,
            "type", count.getKey(),
            "action", policy.action.name().toLowerCase(Locale.ROOT));
    var help = "What was found in messages by plugins that look for it.";
    return new Metric("security_finds_total", help, labels, count.getValue().sum());
  }
}
