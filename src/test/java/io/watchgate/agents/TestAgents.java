package io.watchgate.agents;

import io.watchgate.agents.models.EchoModel;
import io.watchgate.agents.models.Model;
import io.watchgate.agents.models.ModelSettings;
import io.watchgate.flow.Time;
import io.watchgate.flow.Witness;
import io.watchgate.mcp.NamePattern;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Agents as tests want them.
public final class TestAgents {
  /// Few enough to be reached, and no queue.
  public static final AgentLimits LIMITS =
      new AgentLimits(64, 0, Duration.ofSeconds(5), 100_000, 0, 0, 1000);

  private final Map<String, AgentType> types = new LinkedHashMap<>();
  private Model model = new EchoModel();
  private AgentLimits limits = LIMITS;
  private Witness witness = Witness.NONE;
  private List<String> tokens = List.of();
  private Time time = Time.REAL;

  /// A type with some tools, five steps and half a minute.
  public static AgentType type(String name, String... tools) {
    return new AgentType(
        name,
        "An agent.",
        Optional.empty(),
        new Template("You are a {agent_type} of \"{repository_name}\"."),
        List.of(tools).stream().map(NamePattern::new).toList(),
        5,
        Duration.ofSeconds(30),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public TestAgents type(AgentType type) {
    types.put(type.name(), type);
    return this;
  }

  public TestAgents model(Model other) {
    model = other;
    return this;
  }

  public TestAgents limits(AgentLimits other) {
    limits = other;
    return this;
  }

  public TestAgents witness(Witness other) {
    witness = other;
    return this;
  }

  public TestAgents time(Time other) {
    time = other;
    return this;
  }

  public TestAgents tokens(String... others) {
    tokens = List.of(others);
    return this;
  }

  public AgentsSettings settings() {
    return new AgentsSettings(
        "127.0.0.1", 0, tokens, types, Map.of("echo", ModelSettings.ECHO), "echo", limits);
  }

  /// Has them be there.
  ///
  /// @param doorway to the gateway whose clients they are
  public Agents start(Doorway doorway) {
    var random = RandomGenerator.of("SecureRandom");
    var around = new Agents.Surroundings(doorway, time, random, witness);
    return new Agents(settings(), around, _ -> model);
  }
}
