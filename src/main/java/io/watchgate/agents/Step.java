package io.watchgate.agents;

import io.watchgate.jsonrpc.Json;
import java.time.Duration;
import java.util.Locale;

/// One call of a tool that a model asked for.
///
/// @param server that it went to, empty when it went nowhere
public record Step(String tool, String server, Duration took, Outcome outcome) {

  /// How it ended.
  public enum Outcome {
    /// The tool did it.
    COMPLETED,
    /// The tool said that it failed.
    FAILED,
    /// An error of the server or the gateway.
    ERROR,
    /// The server was not there.
    UNAVAILABLE,
    /// There was no answer in time.
    TIMEOUT,
    /// A policy stopped it.
    BLOCKED,
    /// There was no room for it.
    OVERLOADED,
    /// The agent may not call the tool.
    FORBIDDEN,
    /// There is no such tool.
    UNKNOWN_TOOL,
    /// The arguments are not what the tool takes.
    INVALID_ARGUMENTS;

    /// As it is written.
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    boolean isError() {
      return this != COMPLETED;
    }
  }

  Json toJson() {
    return Json.object(
        "tool", tool, "server", server, "duration_ms", took.toMillis(), "outcome", outcome.label());
  }
}
