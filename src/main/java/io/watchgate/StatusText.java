package io.watchgate;

import io.watchgate.jsonrpc.Json;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The status of a gateway for a person: a line about the gateway, one for each server, and below
/// them what went wrong. What a gateway does not say is a dash.
final class StatusText {
  private static final String NOTHING = "-";
  private static final int WIDTH = 100;
  private static final Set<String> SHOWN =
      Set.of(
          "name",
          "transport",
          "state",
          "era",
          "sessions",
          "in_flight",
          "pool",
          "circuit_breaker",
          "restarts",
          "last_error",
          "latency_ms",
          "calls",
          "errors");

  private final PrintStream out;
  private final Instant now;

  StatusText(PrintStream out, Instant now) {
    this.out = out;
    this.now = now;
  }

  void print(String url, boolean serving, Json status) {
    out.printf(
        "watchgate %s at %s: %s, %s in flight (highest %s), %s%n",
        text(status, "version"),
        url,
        serving ? "serving" : "not serving",
        text(status, "concurrent_requests"),
        text(status, "max_concurrent_observed"),
        counted(text(status, "sessions"), "session"));
    status.member("config").ifPresent(this::configuration);
    var servers = status.member("upstreams").map(Json::elements).orElse(List.of());
    out.println();
    servers(servers);
    errors(servers);
    more(servers);
    plugins(status.member("plugins").map(Json::elements).orElse(List.of()));
  }

  private void plugins(List<Json> plugins) {
    if (plugins.isEmpty()) {
      return;
    }
    var table = new Table();
    table.add("PLUGIN", "SERVER", "VERDICTS", "TOTAL");
    for (var plugin : plugins) {
      var verdicts = plugin.member("verdicts").map(Json::members).orElse(List.of());
      table.add(
          text(plugin, "name"),
          plugin.textMember("server").orElse("all"),
          verdicts.stream().map(v -> v.key() + " " + v.value()).collect(Collectors.joining(", ")),
          text(plugin, "total_ms") + " ms");
    }
    out.println();
    table.print(out);
  }

  private static String counted(String number, String what) {
    return number + " " + what + (number.equals("1") ? "" : "s");
  }

  private void configuration(Json config) {
    var since = text(config, "loaded_at");
    out.println("configuration in force since " + since + " (" + ago(since) + ")");
    config
        .member("last_error")
        .filter(Json::isObject)
        .ifPresent(error -> {
          out.println("  another one was not taken " + ago(text(error, "time")) + ":");
          text(error, "message").lines().forEach(line -> out.println("    " + line));
        });
    var keys = config.member("needs_restart").map(Json::elements).orElse(List.of());
    if (!keys.isEmpty()) {
      out.println(
          "  needs a restart: " + String.join(", ", keys.stream().map(Json::text).toList()));
    }
  }

  private void servers(List<Json> servers) {
    var table = new Table();
    table.add(
        "SERVER",
        "STATE",
        "ERA",
        "SESSIONS",
        "POOL",
        "BREAKER",
        "RESTARTS",
        "CALLS",
        "ERRORS",
        "P50/P99 MS");
    for (var server : servers) {
      table.add(
          text(server, "name"),
          text(server, "state"),
          text(server, "era"),
          text(server, "sessions"),
          pool(server),
          text(server, "circuit_breaker"),
          text(server, "restarts"),
          text(server, "calls"),
          text(server, "errors"),
          latency(server));
    }
    table.print(out);
  }

  /// In use of as many as there may be, and who waits.
  private static String pool(Json server) {
    var pool = server.member("pool").filter(Json::isObject);
    if (pool.isEmpty()) {
      return NOTHING;
    }
    var max = text(pool.get(), "max");
    var waiting = text(pool.get(), "waiting");
    return text(pool.get(), "in_use")
        + (max.equals(NOTHING) ? "" : "/" + max)
        + (waiting.equals("0") || waiting.equals(NOTHING) ? "" : " +" + waiting);
  }

  private static String latency(Json server) {
    var latency = server.member("latency_ms").filter(Json::isObject);
    return latency
        .filter(both -> !text(both, "p50").equals(NOTHING))
        .map(both -> brief(text(both, "p50")) + "/" + brief(text(both, "p99")))
        .orElse(NOTHING);
  }

  /// A tenth of a millisecond is enough to read.
  private static String brief(String millis) {
    int point = millis.indexOf('.');
    return point < 0 ? millis : millis.substring(0, Math.min(millis.length(), point + 2));
  }

  private void errors(List<Json> servers) {
    var table = new Table();
    for (var server : servers) {
      server
          .member("last_error")
          .filter(Json::isObject)
          .ifPresent(error ->
              table.add(
                  "  " + text(server, "name"),
                  ago(text(error, "time")),
                  text(error, "message").replaceAll("\\R+", " | ")));
    }
    if (!table.isEmpty()) {
      out.println("\nLAST ERRORS");
      table.print(out, WIDTH);
    }
  }

  /// What a gateway says beyond that, under the names that it has.
  private void more(List<Json> servers) {
    var table = new Table();
    for (var server : servers) {
      for (var member : server.members()) {
        var said = SHOWN.contains(member.key()) ? "" : said(member.value());
        if (!said.isEmpty()) {
          table.add("  " + text(server, "name"), member.key(), said);
        }
      }
    }
    if (!table.isEmpty()) {
      out.println("\nALSO");
      table.print(out, WIDTH);
    }
  }

  private static String said(Json value) {
    if (!value.isObject()) {
      return value.isNull() ? "" : value.toString();
    }
    return value.members().stream()
        .filter(member -> !member.value().isNull())
        .map(member -> member.key() + " " + member.value())
        .collect(Collectors.joining(", "));
  }

  private String ago(String time) {
    try {
      var past = Duration.between(Instant.parse(time), now);
      return past.isNegative() ? "just now" : words(past) + " ago";
    } catch (DateTimeParseException _) {
      return time;
    }
  }

  private static String words(Duration past) {
    if (past.toMinutes() < 2) {
      return past.toSeconds() + " s";
    }
    if (past.toHours() < 2) {
      return past.toMinutes() + " min";
    }
    return past.toDays() < 2 ? past.toHours() + " h" : past.toDays() + " days";
  }

  private static String text(Json object, String key) {
    return Optional.of(object)
        .filter(Json::isObject)
        .flatMap(in -> in.member(key))
        .filter(value -> !value.isNull())
        .map(value -> value.isString() ? value.text() : value.toString())
        .orElse(NOTHING);
  }
}
