package io.watchgate;

import io.watchgate.audit.RecordFilter;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Which records of an audit log a command is about.
final class AuditFilters {
  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = Moment.class,
      description = "from then on: a time of RFC 3339, or how long ago, as 90s, 15m, 1h, 7d")
  private @Nullable Instant since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = Moment.class,
      description = "before then, in the same forms")
  private @Nullable Instant until;

  @Option(names = "--server", paramLabel = "NAME", description = "of this server")
  private @Nullable String server;

  @Option(names = "--tool", paramLabel = "NAME", description = "of this tool, prompt or URI")
  private @Nullable String tool;

  @Option(names = "--method", paramLabel = "METHOD", description = "as tools/call")
  private @Nullable String method;

  @Option(names = "--event", paramLabel = "EVENT", description = "as request, response, refusal")
  private @Nullable String event;

  @Option(
      names = "--outcome",
      paramLabel = "OUTCOME",
      description = "as completed, blocked, timeout")
  private @Nullable String outcome;

  @Option(names = "--principal", paramLabel = "NAME", description = "of who authenticated so")
  private @Nullable String principal;

  @Option(names = "--session", paramLabel = "ID", description = "of this session")
  private @Nullable String session;

  @Option(names = "--request", paramLabel = "ID", description = "of the call with this request_id")
  private @Nullable String request;

  RecordFilter filter() {
    var members = new LinkedHashMap<String, String>();
    put(members, "server", server);
    put(members, "name", tool);
    put(members, "method", method);
    put(members, "event", event);
    put(members, "outcome", outcome);
    put(members, "principal", principal);
    put(members, "session", session);
    put(members, "request_id", request);
    return new RecordFilter(Optional.ofNullable(since), Optional.ofNullable(until), members);
  }

  private static void put(Map<String, String> members, String name, @Nullable String wanted) {
    if (wanted != null) {
      members.put(name, wanted);
    }
  }

  /// A point in time as people write it.
  static final class Moment implements ITypeConverter<Instant> {
    private static final long LONGEST = 1_000_000;

    @Override
    public Instant convert(String text) {
      return ago(text).or(() -> time(text)).orElseThrow(() -> misuse(text));
    }

    private static Optional<Instant> time(String text) {
      try {
        return Optional.of(OffsetDateTime.parse(text).toInstant());
      } catch (DateTimeException _) {
        return Optional.empty();
      }
    }

    private static Optional<Instant> ago(String text) {
      try {
        long number = Long.parseLong(text.substring(0, Math.max(0, text.length() - 1)));
        if (number < 0 || number > LONGEST) {
          return Optional.empty();
        }
        return unit(text.charAt(text.length() - 1))
            .map(unit -> Instant.now().minus(unit.multipliedBy(number)));
      } catch (NumberFormatException _) {
        return Optional.empty();
      }
    }

    private static Optional<Duration> unit(char letter) {
      return switch (letter) {
        case 's' -> Optional.of(Duration.ofSeconds(1));
        case 'm' -> Optional.of(Duration.ofMinutes(1));
        case 'h' -> Optional.of(Duration.ofHours(1));
        case 'd' -> Optional.of(Duration.ofDays(1));
        default -> Optional.empty();
      };
    }

    private static TypeConversionException misuse(String text) {
      return new TypeConversionException(
          "\"" + text + "\" is no time: write 2026-11-27T21:00:00Z, or 90s, 15m, 1h or 7d ago");
    }
  }
}
