package io.watchgate.config;

import tools.jackson.databind.json.JsonMapper;

/// The JSON Schema (2020-12) of a configuration file, made from the same table of keys that reading
/// follows. What depends on several keys, such as unique names, is beyond it.
public final class ConfigSchema {
  private ConfigSchema() {}

  /// The schema, indented.
  public static String json() {
    var schema =
        Schemas.object(
            "$schema", "https://json-schema.org/draft/2020-12/schema",
            "title", "Configuration of Watchgate");
    schema.putAll(RootKeys.SECTION.schema());
    schema.put(
        "$defs",
        Schemas.object(
            "upstream", UpstreamKeys.SECTION.schema(),
            "plugin", PluginKeys.PLUGIN.schema(),
            "reference", Schemas.reference()));
    return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(schema)
        + "\n";
  }
}
