package io.watchgate.agents.models;

import io.watchgate.jsonrpc.Json;

/// A call of a tool that a model asks for.
///
/// @param id by which the model knows the result
/// @param arguments as the model wrote them, which need not be an object
public record ToolUse(String id, String name, Json arguments) {}
