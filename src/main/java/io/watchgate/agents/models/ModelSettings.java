package io.watchgate.agents.models;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// A model and how it is reached: `agents.models.<name>`.
///
/// @param name in the configuration
/// @param baseUrl where its API begins, that of the provider when empty
/// @param model as the provider names it
/// @param maxTokens of one turn
/// @param timeout how long one request may take, and how long it may keep silent
/// @param retries how often a request is made again that got no answer
public record ModelSettings(
    String name,
    Provider provider,
    Optional<URI> baseUrl,
    String model,
    Optional<String> apiKey,
    int maxTokens,
    Duration timeout,
    int retries) {

  /// Whose API it is.
  public enum Provider {
    OPENAI,
    ANTHROPIC,
    ECHO
  }

  /// The embedded model, which is always there.
  public static final ModelSettings ECHO =
      new ModelSettings(
          "echo",
          Provider.ECHO,
          Optional.empty(),
          "echo",
          Optional.empty(),
          1024,
          Duration.ofSeconds(60),
          0);

  /// Without the key, which is nobody's business.
  @Override
  public String toString() {
    return name + " (" + provider + " " + model + ")";
  }
}
