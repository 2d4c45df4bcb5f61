package io.watchgate.agents.models;

import java.util.List;

/// What a model said when it was asked once: text, and the calls of tools that it wants made before
/// it is asked again.
public record Turn(String text, List<ToolUse> uses, Tokens tokens) {
  public Turn {
    uses = List.copyOf(uses);
  }
}
