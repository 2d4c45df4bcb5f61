package io.watchgate.config;

import io.watchgate.agents.AgentLimits;
import io.watchgate.agents.AgentType;
import io.watchgate.agents.AgentsSettings;
import io.watchgate.agents.Template;
import io.watchgate.agents.models.ModelSettings;
import io.watchgate.mcp.NamePattern;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Makes the settings of agents out of values, and checks what depends on several keys.
public final class AgentAssembly {
  private static final String SHIPPED = "/io/watchgate/agents/types.yaml";
  private static final String ECHO = ModelSettings.ECHO.name();

  private AgentAssembly() {}

  /// The settings of somebody who wrote nothing: the types that ship, and the embedded model.
  public static AgentsSettings standard() {
    var place =
        new Place(
            YamlReader.readOwn("{}"), "agents", Places.NONE, new Problems(Path.of("default")));
    return settings(AgentKeys.SECTION.read(place).orElseThrow(), List.of());
  }

  /// @param tokens of the other listener, which hold here where none are written
  static AgentsSettings settings(Values agents, List<String> tokens) {
    var models = new LinkedHashMap<String, ModelSettings>();
    models.put(ECHO, ModelSettings.ECHO);
    agents
        .find(AgentKeys.MODELS)
        .orElse(Map.of())
        .forEach((name, model) -> models.put(name, model(name, model)));
    var types = new LinkedHashMap<String, AgentType>();
    shipped().forEach((name, type) -> types.put(name, type(name, type)));
    written(agents).forEach((name, type) -> types.put(name, type(name, type)));
    return new AgentsSettings(
        agents.get(AgentKeys.HOST),
        agents.get(AgentKeys.PORT),
        agents.find(AgentKeys.BEARER_TOKENS).orElse(tokens),
        types,
        models,
        agents.get(AgentKeys.DEFAULT_MODEL),
        limits(agents.section(AgentKeys.LIMITS)));
  }

  private static Map<String, Values> written(Values agents) {
    return agents.find(AgentKeys.TYPES).orElse(Map.of());
  }

  private static Map<String, Values> shipped() {
    var problems = new Problems(Path.of(SHIPPED));
    var place = new Place(YamlReader.readOwn(resource()), "types", Places.NONE, problems);
    var types = AgentKeys.TYPES.type().read(place);
    problems.throwIfAny();
    return types.orElseThrow();
  }

  private static String resource() {
    try (var in = AgentAssembly.class.getResourceAsStream(SHIPPED)) {
      var bytes =
          Objects.requireNonNull(in, "the program is incomplete: " + SHIPPED).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static AgentType type(String name, Values type) {
    return new AgentType(
        name,
        type.get(AgentKeys.DESCRIPTION),
        type.find(AgentKeys.MODEL_OF_TYPE),
        new Template(type.get(AgentKeys.INSTRUCTIONS)),
        type.get(AgentKeys.TOOLS).stream().map(NamePattern::new).toList(),
        type.get(AgentKeys.MAX_STEPS),
        type.get(AgentKeys.TIMEOUT),
        type.find(AgentKeys.TEMPERATURE),
        type.find(AgentKeys.OUTPUT_SCHEMA).map(YamlJson::of),
        type.find(AgentKeys.CACHE).map(cache -> cache.get(AgentKeys.TTL)));
  }

  private static ModelSettings model(String name, Values model) {
    return new ModelSettings(
        name,
        ModelSettings.Provider.valueOf(model.get(AgentKeys.PROVIDER).toUpperCase(Locale.ROOT)),
        model.find(AgentKeys.BASE_URL),
        model.find(AgentKeys.MODEL).orElse(""),
        model.find(AgentKeys.API_KEY),
        model.get(AgentKeys.MAX_TOKENS),
        model.get(AgentKeys.MODEL_TIMEOUT),
        model.get(AgentKeys.RETRIES));
  }

  private static AgentLimits limits(Values limits) {
    return new AgentLimits(
        limits.get(AgentKeys.EXECUTIONS),
        limits.get(AgentKeys.QUEUE_LENGTH),
        limits.get(AgentKeys.QUEUE_TIMEOUT),
        limits.get(AgentKeys.TOKENS),
        limits.get(AgentKeys.TOKENS_A_MINUTE),
        limits.get(AgentKeys.EXECUTIONS_A_MINUTE),
        limits.get(AgentKeys.QUERY_BYTES));
  }

  /// Reports what contradicts itself.
  ///
  /// @param tokens of the other listener
  static void check(Values agents, List<String> tokens) {
    var models = agents.find(AgentKeys.MODELS).orElse(Map.of());
    models.forEach(AgentAssembly::checkModel);
    checkModelName(agents, AgentKeys.DEFAULT_MODEL, models);
    written(agents)
        .forEach((_, type) -> {
          checkModelName(type, AgentKeys.MODEL_OF_TYPE, models);
          checkType(type);
        });
    var host = agents.get(AgentKeys.HOST);
    if (!Locations.isLoopback(host)
        && agents.find(AgentKeys.BEARER_TOKENS).orElse(tokens).isEmpty()) {
      agents
          .at(AgentKeys.HOST)
          .problem(host + " is reached from other machines: agents.bearer_tokens is needed");
    }
  }

  private static void checkModel(String name, Values model) {
    boolean isService = model.find(AgentKeys.PROVIDER).filter(one -> !one.equals(ECHO)).isPresent();
    if (name.equals(ECHO) && isService) {
      model.place().problem("the name echo is that of the embedded model");
    }
    if (isService && !model.wrote(AgentKeys.MODEL)) {
      model.place().problem("the key \"model\" is missing: which of the provider's models it is");
    }
  }

  private static void checkModelName(Values values, Key<String> key, Map<String, Values> models) {
    Optional<String> name = values.find(key);
    if (name.isPresent() && !name.get().equals(ECHO) && !models.containsKey(name.get())) {
      values
          .at(key)
          .problem("there is no such model under agents.models", name.get(), models.keySet());
    }
  }

  private static void checkType(Values type) {
    type.find(AgentKeys.INSTRUCTIONS)
        .map(Template::new)
        .ifPresent(template ->
            template
                .unknown()
                .forEach(name ->
                    type.at(AgentKeys.INSTRUCTIONS)
                        .problem(
                            "there is no field {" + name + "}; write {{ for a brace",
                            name,
                            Template.FIELDS)));
    type.find(AgentKeys.OUTPUT_SCHEMA)
        .filter(schema -> !(schema instanceof Yaml.Mapping))
        .ifPresent(schema -> type.at(AgentKeys.OUTPUT_SCHEMA).expected("a mapping"));
  }
}
