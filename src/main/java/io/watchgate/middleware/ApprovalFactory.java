package io.watchgate.middleware;

import io.watchgate.plugin.Options;
import io.watchgate.plugin.PluginFactory;

/// Makes `approval`.
public final class ApprovalFactory implements PluginFactory {
  @Override
  public String handler() {
    return "approval";
  }

  @Override
  public String description() {
    return "Has calls wait for a person who approves or denies them.";
  }

  /// Behind what hides things and stops calls: a person sees what the server would.
  @Override
  public int priority() {
    return 85;
  }

  @Override
  public Maker read(Options options) {
    var settings = Approval.Settings.read(options);
    return home -> Approval.open(settings, home);
  }
}
