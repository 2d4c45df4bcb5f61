package io.watchgate.middleware;

import io.watchgate.plugin.Options;
import io.watchgate.plugin.PluginFactory;

/// Makes `response_pruner`.
public final class ResponsePrunerFactory implements PluginFactory {
  @Override
  public String handler() {
    return "response_pruner";
  }

  @Override
  public String description() {
    return "Makes results of tools smaller, and says in them what was cut.";
  }

  /// Behind what looks for secrets, which may stand in what is cut only in part.
  @Override
  public int priority() {
    return 80;
  }

  @Override
  public Maker read(Options options) {
    var rules = options.list("rules").stream().map(PruneRule::read).toList();
    if (rules.isEmpty()) {
      options.problem("rules", "is missing: a list of rules with tools and what is cut");
    }
    return _ -> new ResponsePruner(rules);
  }
}
