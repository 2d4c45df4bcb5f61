package io.watchgate.agents;

/// What somebody wants of an agent.
///
/// @param type name of the agent's type
/// @param repository what it is about, empty for nothing
/// @param principal who wants it
/// @param isKept whether the result of another execution of the same will do
public record Order(
    String type, String repository, String query, String principal, boolean isKept) {}
