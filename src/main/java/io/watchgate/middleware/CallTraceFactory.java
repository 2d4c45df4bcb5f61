package io.watchgate.middleware;

import io.watchgate.plugin.Options;
import io.watchgate.plugin.PluginFactory;

/// Makes `call_trace`.
public final class CallTraceFactory implements PluginFactory {
  @Override
  public String handler() {
    return "call_trace";
  }

  @Override
  public String description() {
    return "Shows in the answer to a call what the gateway saw of it.";
  }

  /// Behind what hides things: it shows the size of what the client gets.
  @Override
  public int priority() {
    return 90;
  }

  @Override
  public Maker read(Options options) {
    var settings = CallTrace.Settings.read(options);
    return home -> new CallTrace(settings, home.clock());
  }
}
