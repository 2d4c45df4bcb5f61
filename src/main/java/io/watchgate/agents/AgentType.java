package io.watchgate.agents;

import io.watchgate.jsonrpc.Json;
import io.watchgate.mcp.NamePattern;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What makes an agent: a model, what it is to do, and what it may use for that. One that ships, or
/// `agents.types.<name>`.
///
/// @param model name of the model, the default one when empty
/// @param tools whose names it may call, none when empty
/// @param maxSteps turns of the model, of which the last one has to be the answer
/// @param timeout of a whole execution
/// @param outputSchema what the answer has to be, as JSON; a text when empty
/// @param keptFor how long a result may be given again, when the type wants that
public record AgentType(
    String name,
    String description,
    Optional<String> model,
    Template instructions,
    List<NamePattern> tools,
    int maxSteps,
    Duration timeout,
    Optional<Double> temperature,
    Optional<Json> outputSchema,
    Optional<Duration> keptFor) {
  public AgentType {
    tools = List.copyOf(tools);
  }

  boolean mayCall(String tool) {
    return tools.stream().anyMatch(pattern -> pattern.matches(tool));
  }
}
