package io.watchgate.middleware;

import io.watchgate.plugin.Options;
import io.watchgate.plugin.PluginFactory;

/// Makes `loop_guard`.
public final class LoopGuardFactory implements PluginFactory {
  @Override
  public String handler() {
    return "loop_guard";
  }

  @Override
  public String description() {
    return "Stops a session that makes one and the same call again and again.";
  }

  @Override
  public Maker read(Options options) {
    var settings = LoopGuard.Settings.read(options);
    return home -> new LoopGuard(settings, home.clock());
  }
}
