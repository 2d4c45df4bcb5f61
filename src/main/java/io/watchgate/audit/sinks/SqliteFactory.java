package io.watchgate.audit.sinks;

import io.watchgate.plugin.Options;
import io.watchgate.plugin.PluginFactory;
import java.nio.file.Path;
import java.util.Optional;

/// Makes `audit_sqlite`.
public final class SqliteFactory implements PluginFactory {
  private static final int STANDARD_RECORDS = 1_000_000;

  @Override
  public String handler() {
    return "audit_sqlite";
  }

  @Override
  public String description() {
    return "Records what happened in a SQLite database, to be asked in SQL.";
  }

  @Override
  public Maker read(Options options) {
    var settings = SinkSettings.read(options);
    Optional<Path> file = options.path("output_file");
    int most = options.integer("max_records", 0, Integer.MAX_VALUE, STANDARD_RECORDS);
    return home -> {
      var standard = home.state().resolve("audit").resolve("watchgate.db");
      SqliteTarget.unpackIn(home.state().resolve("sqlite"));
      var target = SqliteTarget.open(file.orElse(standard), settings.waits(), most);
      return QueuedRecorder.start(handler(), settings, target, home);
    };
  }
}
