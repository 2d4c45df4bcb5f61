package io.watchgate.config;

import static io.watchgate.config.Scalars.options;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The keys of the file as a whole, of `admin` and of `logging`.
final class RootKeys {
  /// What a log line looks like; Gatekit's format strings are read and mean text.
  enum LogFormat {
    TEXT,
    JSON,
    PYTHON
  }

  /// Where the log goes.
  enum LogHandler {
    STDERR,
    FILE
  }

  static final Key<Boolean> ADMIN_ENABLED =
      Key.of("enabled", Scalars.flag(), "Whether the admin listener runs.").or("false");
  static final Key<String> ADMIN_HOST =
      Key.of("host", Locations.host(), "Address the admin listener binds.").or("127.0.0.1");
  static final Key<Integer> ADMIN_PORT =
      Key.of("port", Scalars.integer(0, 65535), "Port of the admin listener, 0 for any free one.")
          .or("8788");

  static final Key<String> LEVEL =
      Key.of("level", Scalars.choice(levels()), "The least important lines that are logged.")
          .or("INFO");
  static final Key<List<LogHandler>> HANDLERS =
      Key.of(
              "handlers",
              Groups.listOf(
                  Scalars.choice(
                      options(
                          Map.entry("stderr", LogHandler.STDERR),
                          Map.entry("file", LogHandler.FILE)))),
              "Where the log goes: stderr, file, or both.")
          .or("[stderr]");
  static final Key<Path> FILE_PATH =
      Key.of("file_path", Locations.file(), "The log file; needed by the handler file.");
  static final Key<Double> MAX_FILE_SIZE =
      Key.of(
              "max_file_size_mb",
              Scalars.number(0.001, 1_000_000),
              "Size in MiB at which a new log file begins; parts of one count as one.")
          .or("10");
  static final Key<Integer> BACKUP_COUNT =
      Key.of("backup_count", Scalars.integer(0, 1000), "How many old log files are kept.").or("5");
  static final Key<LogFormat> FORMAT =
      Key.of(
              "format",
              logFormat(),
              "text or json (one object a line). Gatekit's Python format strings mean text.")
          .or("text");
  static final Key<String> DATE_FORMAT =
      Key.of("date_format", Scalars.anyText(), "Gatekit's date format; read, not used.");

  static final Key<Values> PROXY =
      Key.of("proxy", ProxyKeys.SECTION, "The gateway itself.").required();
  static final Key<Values> PLUGINS =
      Key.of("plugins", PluginKeys.SECTION, "What looks at messages on their way.");
  static final Key<Values> ADMIN =
      Key.of(
          "admin",
          Section.of(
              "The listener for health, metrics and status.",
              ADMIN_ENABLED,
              ADMIN_HOST,
              ADMIN_PORT),
          "The listener for health, metrics and status.");
  static final Key<Values> LOGGING =
      Key.of(
          "logging",
          Section.of(
              "The gateway's own log.",
              LEVEL,
              HANDLERS,
              FILE_PATH,
              MAX_FILE_SIZE,
              BACKUP_COUNT,
              FORMAT,
              DATE_FORMAT),
          "The gateway's own log.");

  static final Key<Values> TELEMETRY =
      Key.of("telemetry", TelemetryKeys.SECTION, "Who is told what the gateway measures.");

  static final Key<Values> AGENTS =
      Key.of("agents", AgentKeys.SECTION, "Models that use the tools; off when not written.");

  static final Section SECTION =
      Section.of("Configuration of Watchgate.", PROXY, PLUGINS, ADMIN, LOGGING, TELEMETRY, AGENTS)
          .hint("upstreams", "it belongs under proxy")
          .hint("upstream", "it belongs under proxy")
          .hint("mcpServers", "this is a client's file, give it with --mcp-json");

  private RootKeys() {}

  private static Map<String, String> levels() {
    return options(
        Map.entry("TRACE", "TRACE"),
        Map.entry("DEBUG", "DEBUG"),
        Map.entry("INFO", "INFO"),
        Map.entry("WARN", "WARN"),
        Map.entry("WARNING", "WARN"),
        Map.entry("ERROR", "ERROR"),
        Map.entry("CRITICAL", "ERROR"));
  }

  private static Type<LogFormat> logFormat() {
    var words =
        Scalars.choice(
            options(Map.entry("text", LogFormat.TEXT), Map.entry("json", LogFormat.JSON)));
    var python = Schemas.object("type", "string", "pattern", "%\\([A-Za-z]+\\)");
    return Scalars.scalar(
        Schemas.object("anyOf", List.of(words.schema(), python)),
        place ->
            Scalars.textOf(place.value())
                .filter(text -> text.matches("(?s).*%\\([A-Za-z]+\\).*"))
                .map(text -> LogFormat.PYTHON)
                .or(() -> words.read(place)));
  }
}
