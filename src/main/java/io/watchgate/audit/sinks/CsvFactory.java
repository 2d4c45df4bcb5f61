package io.watchgate.audit.sinks;

import io.watchgate.plugin.Options;
import io.watchgate.plugin.PluginFactory;

/// Makes `audit_csv`.
public final class CsvFactory implements PluginFactory {
  @Override
  public String handler() {
    return "audit_csv";
  }

  @Override
  public String description() {
    return "Records what happened in a file of CSV that is safe to open in a spreadsheet.";
  }

  @Override
  public Maker read(Options options) {
    var settings = SinkSettings.read(options);
    var files = FileSettings.read(options, settings);
    var format = CsvFormat.read(options);
    return home -> {
      var standard = home.state().resolve("audit").resolve("watchgate.csv");
      var target = FileTarget.open(standard, format, files, home.clock());
      return QueuedRecorder.start(handler(), settings, target, home);
    };
  }
}
