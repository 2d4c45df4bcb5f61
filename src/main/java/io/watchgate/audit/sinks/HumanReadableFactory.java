package io.watchgate.audit.sinks;

import io.watchgate.plugin.Options;
import io.watchgate.plugin.PluginFactory;

/// Makes `audit_human_readable`.
public final class HumanReadableFactory implements PluginFactory {
  @Override
  public String handler() {
    return "audit_human_readable";
  }

  @Override
  public String description() {
    return "Records what happened in a file of lines for people.";
  }

  @Override
  public Maker read(Options options) {
    var settings = SinkSettings.read(options);
    var files = FileSettings.read(options, settings);
    return home -> {
      var standard = home.state().resolve("audit").resolve("watchgate.log");
      var target = FileTarget.open(standard, new HumanReadableFormat(), files, home.clock());
      return QueuedRecorder.start(handler(), settings, target, home);
    };
  }
}
