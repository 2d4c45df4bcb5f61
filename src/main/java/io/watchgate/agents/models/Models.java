package io.watchgate.agents.models;

/// Makes models out of their settings.
public final class Models {
  private Models() {}

  public static Model of(ModelSettings settings) {
    return switch (settings.provider()) {
      case ECHO -> new EchoModel();
      case OPENAI, ANTHROPIC -> throw new IllegalStateException(settings.toString());
    };
  }
}
