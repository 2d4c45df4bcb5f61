package io.watchgate;

import io.watchgate.config.ConfigFinder;
import io.watchgate.config.ConfigLoader;
import io.watchgate.config.GatewayConfig;
import io.watchgate.config.GatewayConfig.Logging;
import io.watchgate.config.McpJson;
import io.watchgate.config.Overrides;
import io.watchgate.config.StandardPlugins;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// Where a command takes its configuration from.
final class ConfigOptions {
  private static final String INACTIVE = " is read and checked, but does nothing in this version";

  @ArgGroup private @Nullable Source source;

  @SuppressWarnings("UnusedVariable") // the library acts on it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  private boolean help;

  private @Nullable Path loaded;

  /// Options that are given their values by a library.
  ConfigOptions() {}

  /// @param config the configuration, or none
  /// @param mcpJson what stands for it, or none
  ConfigOptions(Optional<Path> config, Optional<Path> mcpJson) {
    this.source = new Source();
    this.source.config = config.orElse(null);
    this.source.mcpJson = mcpJson.orElse(null);
  }

  /// One file or the other.
  static final class Source {
    @Option(
        names = {"-c", "--config"},
        paramLabel = "FILE",
        description =
            "configuration file (default: $$WATCHGATE_CONFIG, ./watchgate.yaml,"
                + " ~/.config/watchgate/watchgate.yaml)")
    private @Nullable Path config;

    @Option(
        names = "--mcp-json",
        paramLabel = "FILE",
        description = "the mcpServers JSON that MCP clients already use")
    private @Nullable Path mcpJson;
  }

  /// The configuration for a command that does one thing and tells about it itself: the log has
  /// only what must not be missed.
  GatewayConfig loadOnce() {
    var config = read(Overrides.NONE);
    Logs.apply(new Logging("ERROR", true, Optional.empty(), 1, 1, false));
    for (var key : config.inactive()) {
      System.err.println("watchgate: " + key + INACTIVE);
    }
    return config;
  }

  private GatewayConfig read(Overrides overrides) {
    return source != null && source.mcpJson != null ? fromJson(overrides) : found(overrides);
  }

  /// The configuration, with what the command line says on top; logging is set up by it.
  GatewayConfig load(Overrides overrides) {
    var config = read(overrides);
    Logs.apply(config.logging());
    for (var key : config.inactive()) {
      LoggerFactory.getLogger(ConfigOptions.class).warn("{}{}", key, INACTIVE);
    }
    return config;
  }

  /// Reads again the file that was loaded, with the same on top.
  GatewayConfig reload(Overrides overrides) {
    var file = file();
    var isJson = source != null && source.mcpJson != null;
    var config =
        isJson
            ? McpJson.load(file, System.getenv()).config()
            : ConfigLoader.load(file, System.getenv());
    return StandardPlugins.addTo(overrides.applyTo(config, file), file);
  }

  /// The file that was loaded.
  Path file() {
    return Objects.requireNonNull(loaded);
  }

  private GatewayConfig found(Overrides overrides) {
    var option = Optional.ofNullable(source).map(given -> given.config);
    var file = ConfigFinder.find(option, System.getenv(), Path.of(""));
    loaded = file;
    return StandardPlugins.addTo(
        overrides.applyTo(ConfigLoader.load(file, System.getenv()), file), file);
  }

  private GatewayConfig fromJson(Overrides overrides) {
    var file = Objects.requireNonNull(Objects.requireNonNull(source).mcpJson);
    loaded = file;
    var loaded = McpJson.load(file, System.getenv());
    loaded.warnings().forEach(warning -> System.err.println("watchgate: " + warning));
    return StandardPlugins.addTo(overrides.applyTo(loaded.config(), file), file);
  }
}
