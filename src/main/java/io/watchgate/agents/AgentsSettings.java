package io.watchgate.agents;

import io.watchgate.agents.models.ModelSettings;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What agents there are, with which models, and where they are asked for: `agents`.
///
/// @param bearerTokens when there are any, every request must carry one
/// @param types by name
/// @param models by name
/// @param defaultModel of types that name none
public record AgentsSettings(
    String host,
    int port,
    List<String> bearerTokens,
    Map<String, AgentType> types,
    Map<String, ModelSettings> models,
    String defaultModel,
    AgentLimits limits) {
  public AgentsSettings {
    bearerTokens = List.copyOf(bearerTokens);
    types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
    models = Map.copyOf(models);
  }

  /// The same, to be asked for elsewhere.
  public AgentsSettings on(String otherHost, int otherPort) {
    return new AgentsSettings(
        otherHost, otherPort, bearerTokens, types, models, defaultModel, limits);
  }

  /// The model of a type.
  ModelSettings model(AgentType type) {
    return Objects.requireNonNull(models.get(type.model().orElse(defaultModel)));
  }
}
