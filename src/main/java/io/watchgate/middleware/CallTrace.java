package io.watchgate.middleware;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.Content;
import io.watchgate.plugin.Exchange;
import io.watchgate.plugin.Moment;
import io.watchgate.plugin.Options;
import io.watchgate.plugin.Plugin;
import io.watchgate.plugin.Verdict;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Shows in the answer to a call what the gateway saw of it, in one more block of text. Everything
/// it shows stands in the answer's exchange, so nothing is kept from the request on.
final class CallTrace implements Plugin {
  private static final int KILO = 1024;
  private static final int MOST = 1 << 20;

  private final Settings settings;
  private final InstantSource clock;

  CallTrace(Settings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /// What is shown.
  ///
  /// @param maxParamLength characters of the arguments
  record Settings(int maxParamLength, Set<Field> fields) {
    static Settings read(Options options) {
      var fields = EnumSet.allOf(Field.class);
      options
          .section("trace_fields")
          .ifPresent(section -> fields.removeIf(field -> !section.flag(field.key(), true)));
      return new Settings(options.integer("max_param_length", 0, MOST, 200), fields);
    }
  }

  /// One line of a trace.
  enum Field {
    SERVER("Server"),
    TOOL("Tool"),
    PARAMS("Params"),
    RESPONSE_SIZE("Response"),
    DURATION("Duration"),
    REQUEST_ID("Request ID"),
    TIMESTAMP("Timestamp");

    private final String label;

    Field(String label) {
      this.label = label;
    }

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public Set<Moment> moments() {
    return EnumSet.of(Moment.RESPONSE);
  }

  @Override
  public Verdict onResponse(Exchange exchange, Content answer) {
    return ToolResult.of(exchange, answer)
        .filter(result -> !result.isError())
        .map(result -> traced(exchange, result))
        .orElse(Verdict.PASS);
  }

  private Verdict traced(Exchange exchange, ToolResult result) {
    var blocks = new ArrayList<>(result.blocks());
    blocks.add(ToolResult.textBlock(text(exchange, result)));
    return new Verdict.Replace(result.withBlocks(blocks).json(), "added a trace");
  }

  private String text(Exchange exchange, ToolResult result) {
    var lines =
        settings.fields.stream()
            .map(field -> "- " + field.label + ": " + value(field, exchange, result))
            .collect(Collectors.joining("\n"));
    return "\n---\n🔍 **Watchgate Gateway Trace**\n" + lines + footer() + "\n---";
  }

  private String value(Field field, Exchange exchange, ToolResult result) {
    return switch (field) {
      case SERVER -> exchange.server();
      case TOOL -> exchange.name().orElse("");
      case PARAMS -> arguments(exchange);
      case RESPONSE_SIZE -> size(result.json().length());
      case DURATION -> duration(exchange.elapsed());
      case REQUEST_ID -> exchange.id();
      case TIMESTAMP -> clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
    };
  }

  /// On one line: outside of its strings JSON may have line feeds.
  private String arguments(Exchange exchange) {
    var arguments = exchange.params().member("arguments").orElse(Json.EMPTY_OBJECT).toString();
    var line = arguments.replace('\n', ' ').replace('\r', ' ');
    if (line.length() <= settings.maxParamLength) {
      return line;
    }
    int end = settings.maxParamLength;
    return line.substring(0, end - (isInPair(line, end) ? 1 : 0)) + "...";
  }

  private static boolean isInPair(String text, int at) {
    return at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
  }

  private static String size(int bytes) {
    if (bytes < KILO) {
      return bytes + " B";
    }
    double kilobytes = (double) bytes / KILO;
    return kilobytes < KILO
        ? String.format(Locale.ROOT, "%.1f KB", kilobytes)
        : String.format(Locale.ROOT, "%.1f MB", kilobytes / KILO);
  }

  private static String duration(Duration elapsed) {
    return elapsed.toMillis() < 1000
        ? elapsed.toMillis() + "ms"
        : String.format(Locale.ROOT, "%.1fs", elapsed.toMillis() / 1e3);
  }

  /// How to find the call again, as far as the trace says it.
  private String footer() {
    var keys =
        List.of(Field.REQUEST_ID, Field.TIMESTAMP).stream()
            .filter(settings.fields::contains)
            .map(field -> field.label.toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" or "));
    return keys.isEmpty() ? "" : "\n\nWatchgate's audit log has this call under its " + keys + ".";
  }
}
