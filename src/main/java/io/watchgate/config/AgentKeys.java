package io.watchgate.config;

import static io.watchgate.config.Quantities.COUNT;
import static io.watchgate.config.Quantities.QUEUE;
import static io.watchgate.config.Quantities.WAIT;
import static io.watchgate.config.Scalars.options;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The keys under `agents`.
final class AgentKeys {
  private static final String NAME = "[a-z][a-z0-9_-]{0,62}";
  private static final String NAME_WORDS =
      "a name of up to 63 of the characters a-z, 0-9, _ and -, of which the first is a letter";

  static final Key<String> HOST =
      Key.of("host", Locations.host(), "Address the listener for agents binds.").or("127.0.0.1");
  static final Key<Integer> PORT =
      Key.of("port", Scalars.integer(0, 65535), "Port of that listener, 0 for any free one.")
          .or("8000");
  static final Key<List<String>> BEARER_TOKENS =
      Key.of(
          "bearer_tokens",
          Groups.listOf(Scalars.matching("[!-~]+", "a token of visible characters without spaces")),
          "When set, every request must carry one of them; otherwise proxy.http.bearer_tokens.");

  static final Key<String> DESCRIPTION =
      Key.of("description", Scalars.text(), "What agents of the type are for.").or("An agent.");
  static final Key<String> MODEL_OF_TYPE =
      Key.of("model", Scalars.text(), "Name of a model; default_model when not written.");
  static final Key<String> INSTRUCTIONS =
      Key.of(
              "instructions",
              Scalars.text(),
              "What the model is to do, with places for {user_query}, {repository_name} and"
                  + " {agent_type}.")
          .required();
  static final Key<List<String>> TOOLS =
      Key.of(
              "tools",
              Groups.listOf(Scalars.text()),
              "Names of tools that the agent may call, with * for any characters and ? for one.")
          .or("[]");
  static final Key<Integer> MAX_STEPS =
      Key.of("max_steps", Scalars.integer(1, 100), "Turns of the model; the last must answer.")
          .or("10");
  static final Key<Duration> TIMEOUT =
      Key.of("timeout", WAIT, "How long a whole execution may take.").or("2m");
  static final Key<Double> TEMPERATURE =
      Key.of("temperature", Scalars.number(0, 2), "How freely the model chooses its words.");
  static final Key<Yaml> OUTPUT_SCHEMA =
      Key.of("output_schema", Groups.anything(), "JSON Schema of the answer, if it is to be JSON.");
  static final Key<Duration> TTL =
      Key.of("ttl", WAIT, "How long a result may be given again.").or("5m");
  static final Key<Values> CACHE =
      Key.of(
          "cache",
          Section.of("Gives the result of before to who asks the same again.", TTL),
          "Gives the result of before to who asks the same again.");
  static final Section TYPE =
      Section.of(
          "A type of agents.",
          DESCRIPTION,
          MODEL_OF_TYPE,
          INSTRUCTIONS,
          TOOLS,
          MAX_STEPS,
          TIMEOUT,
          TEMPERATURE,
          OUTPUT_SCHEMA,
          CACHE);
  static final Key<Map<String, Values>> TYPES =
      Key.of(
          "types",
          Groups.mapOf(NAME, NAME_WORDS, TYPE),
          "Types of agents, in addition to those that ship, or in their place.");

  static final Key<String> PROVIDER =
      Key.of(
              "provider",
              Scalars.choice(
                  options(
                      Map.entry("openai", "openai"),
                      Map.entry("anthropic", "anthropic"),
                      Map.entry("echo", "echo"))),
              "Whose API it is: openai for all that are compatible with it, anthropic, or echo.")
          .required();
  static final Key<URI> BASE_URL =
      Key.of("base_url", Locations.url(), "Where the API begins; that of the provider by default.");
  static final Key<String> MODEL =
      Key.of("model", Scalars.text(), "The model, as the provider names it.");
  static final Key<String> API_KEY =
      Key.of(
          "api_key",
          Scalars.matching("[!-~]+", "a key of visible characters without spaces"),
          "The key; write ${env:NAME} or ${file:PATH} rather than the key itself.");
  static final Key<Integer> MAX_TOKENS =
      Key.of("max_tokens", COUNT, "Tokens of one turn of the model.").or("4096");
  static final Key<Duration> MODEL_TIMEOUT =
      Key.of("timeout", WAIT, "How long one turn of the model may take.").or("60s");
  static final Key<Integer> RETRIES =
      Key.of("retries", Scalars.integer(0, 10), "How often a request is made again in vain.")
          .or("2");
  static final Section MODEL_SECTION =
      Section.of(
          "A model.", PROVIDER, BASE_URL, MODEL, API_KEY, MAX_TOKENS, MODEL_TIMEOUT, RETRIES);
  static final Key<Map<String, Values>> MODELS =
      Key.of(
          "models",
          Groups.mapOf(NAME, NAME_WORDS, MODEL_SECTION),
          "Models; one that is named echo and needs no service is always there.");
  static final Key<String> DEFAULT_MODEL =
      Key.of("default_model", Scalars.text(), "The model of types that name none.").or("echo");

  static final Key<Integer> EXECUTIONS =
      Key.of("max_concurrent", COUNT, "Executions at once.").or("50");
  static final Key<Integer> QUEUE_LENGTH =
      Key.of("queue", QUEUE, "Executions that may wait beyond that; 0 refuses at once.").or("100");
  static final Key<Duration> QUEUE_TIMEOUT =
      Key.of("queue_timeout", WAIT, "How long an execution may wait.").or("30s");
  static final Key<Integer> TOKENS =
      Key.of("max_tokens", Scalars.integer(1, Integer.MAX_VALUE), "Tokens of one execution.")
          .or("200000");
  static final Key<Integer> TOKENS_A_MINUTE =
      Key.of(
              "tokens_per_minute",
              Scalars.integer(0, Integer.MAX_VALUE),
              "Tokens of one principal a minute, 0 for any number.")
          .or("0");
  static final Key<Integer> EXECUTIONS_A_MINUTE =
      Key.of("executions_per_minute", QUEUE, "Executions of one principal a minute, 0 for any.")
          .or("0");
  static final Key<Integer> QUERY_BYTES =
      Key.of("max_query_bytes", Quantities.size(1, 1 << 20), "Longest query.").or("64KiB");
  static final Key<Values> LIMITS =
      Key.of(
          "limits",
          Section.of(
              "How much agents may do.",
              EXECUTIONS,
              QUEUE_LENGTH,
              QUEUE_TIMEOUT,
              TOKENS,
              TOKENS_A_MINUTE,
              EXECUTIONS_A_MINUTE,
              QUERY_BYTES),
          "How much agents may do.");

  static final Section SECTION =
      Section.of(
          "Models that use the tools; off when not written.",
          HOST,
          PORT,
          BEARER_TOKENS,
          TYPES,
          MODELS,
          DEFAULT_MODEL,
          LIMITS);

  private AgentKeys() {}
}
