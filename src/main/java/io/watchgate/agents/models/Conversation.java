package io.watchgate.agents.models;

import java.util.List;
import java.util.stream.Stream;

/// All that was said in an execution so far. Immutable.
///
/// @param instructions what the model is to do
/// @param parts in the order of time
public record Conversation(String instructions, List<Part> parts) {
  public Conversation {
    parts = List.copyOf(parts);
  }

  /// Something that was said.
  public sealed interface Part {}

  /// By whom the agent works for.
  public record Asked(String text) implements Part {}

  /// By the model.
  public record Answered(Turn turn) implements Part {}

  /// What came of the calls of the turn before, in the order of the turn.
  public record Returned(List<ToolResult> results) implements Part {
    public Returned {
      results = List.copyOf(results);
    }
  }

  /// What came of one call.
  ///
  /// @param id of the use of the tool
  public record ToolResult(String id, String name, String text, boolean isError) {}

  public Conversation plus(Part... more) {
    return new Conversation(instructions, Stream.concat(parts.stream(), Stream.of(more)).toList());
  }
}
