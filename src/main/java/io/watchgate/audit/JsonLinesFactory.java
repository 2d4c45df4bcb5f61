package io.watchgate.audit;

import io.watchgate.plugin.Options;
import io.watchgate.plugin.PluginFactory;
import java.nio.file.Path;
import java.util.Optional;

/// Makes `audit_jsonl`.
public final class JsonLinesFactory implements PluginFactory {
  @Override
  public String handler() {
    return "audit_jsonl";
  }

  @Override
  public String description() {
    return "Records what happened in a file of JSON lines that shows when it was changed.";
  }

  @Override
  public Maker read(Options options) {
    Optional<Path> file = options.path("output_file");
    return home ->
        JsonLinesSink.create(
            file.orElseGet(() -> home.state().resolve("audit").resolve("watchgate.jsonl")));
  }
}
