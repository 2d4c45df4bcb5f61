package io.watchgate;

import io.watchgate.hosting.PluginCatalog;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Lists the plugins that a configuration can name.
@Command(name = "plugins", description = "Lists the plugins that a configuration can name.")
final class PluginsCommand implements Callable<Integer> {
  @SuppressWarnings("UnusedVariable") // the library acts on it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  private boolean help;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "configuration beside which the directory plugins lies (default: here)")
  private @Nullable Path config;

  @Override
  public Integer call() {
    var beside = Optional.ofNullable(config).orElse(Path.of("watchgate.yaml"));
    var catalog = PluginCatalog.beside(beside);
    var byHandler = new TreeMap<String, PluginCatalog.Entry>();
    catalog.names().stream()
        .flatMap(name -> catalog.find(name).stream())
        .forEach(entry -> byHandler.put(entry.factory().handler(), entry));
    var table = new Table();
    byHandler.forEach((handler, entry) ->
        table.add(
            handler, entry.isOurs() ? "" : "yours", entry.factory().description(), aliases(entry)));
    table.print(System.out);
    catalog.failures().forEach(failure -> System.err.println("watchgate: not loaded: " + failure));
    return catalog.failures().isEmpty() ? 0 : Failures.FAILED;
  }

  private static String aliases(PluginCatalog.Entry entry) {
    var aliases = entry.factory().aliases();
    return aliases.isEmpty() ? "" : "(also " + String.join(", ", aliases) + ")";
  }
}
