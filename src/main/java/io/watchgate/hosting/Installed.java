package io.watchgate.hosting;

import io.watchgate.hosting.PluginSettings.Terms;
import io.watchgate.plugin.Plugin;

/// One plugin that is at work.
///
/// @param settings that it was made by
/// @param watch asks it
/// @param verdicts counts what it says
record Installed(PluginSettings settings, Plugin plugin, Watch watch, VerdictCounts verdicts) {
  String name() {
    return settings.name();
  }

  Terms terms() {
    return settings.terms();
  }
}
