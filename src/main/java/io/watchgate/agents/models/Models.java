package io.watchgate.agents.models;

import io.watchgate.flow.Time;
import java.util.random.RandomGenerator;

/// Makes models out of their settings.
public final class Models {
  private Models() {}

  /// The model that is meant.
  ///
  /// @param time by which services are waited for
  /// @param random decides how long exactly
  public static Model of(ModelSettings settings, Time time, RandomGenerator random) {
    return switch (settings.provider()) {
      case ECHO -> new EchoModel();
      case OPENAI -> new RemoteModel(settings, new OpenAiDialect(), time, random);
      case ANTHROPIC -> new RemoteModel(settings, new AnthropicDialect(), time, random);
    };
  }
}
