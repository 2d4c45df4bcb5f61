package io.watchgate.agents.models;

import io.watchgate.jsonrpc.Json;

/// A tool as a model is told of it.
///
/// @param name as clients of the gateway know it
/// @param schema of its arguments, an object
public record ToolSpec(String name, String description, Json schema) {}
