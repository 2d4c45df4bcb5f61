package io.watchgate.middleware;

import io.watchgate.plugin.Options;
import io.watchgate.plugin.PluginFactory;

/// Makes `process`.
public final class ProcessPluginFactory implements PluginFactory {
  @Override
  public String handler() {
    return "process";
  }

  @Override
  public String description() {
    return "Asks a process of its own, in any language, about messages.";
  }

  @Override
  public Maker read(Options options) {
    var settings = ProcessSettings.read(options);
    return home -> new ProcessPlugin(settings, home);
  }
}
