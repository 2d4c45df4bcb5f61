package io.watchgate.middleware;

import io.watchgate.plugin.Options;
import io.watchgate.plugin.PluginFactory;

/// Makes `token_usage`.
public final class TokenUsageFactory implements PluginFactory {
  @Override
  public String handler() {
    return "token_usage";
  }

  @Override
  public String description() {
    return "Counts what tools cost a model's context, in estimated tokens.";
  }

  /// Behind all that change messages: it counts what servers and clients get.
  @Override
  public int priority() {
    return 95;
  }

  @Override
  public Maker read(Options options) {
    return _ -> new TokenUsage();
  }
}
