package io.watchgate.agents.models;

import io.watchgate.flow.Deadline;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Goes on with a conversation. Safe for any number of threads.
@FunctionalInterface
public interface Model extends AutoCloseable {

  /// The model's next turn.
  ///
  /// @throws ModelFailure when there is none
  /// @throws InterruptedException when nobody wants it any more
  Turn next(Conversation conversation, Wish wish) throws ModelFailure, InterruptedException;

  /// Ends what is kept for it.
  @Override
  default void close() {}

  /// How the next turn is wanted.
  ///
  /// @param tools that it may ask for
  /// @param mayCall whether it may ask for any now, or has to answer
  /// @param deadline when nobody waits for it any more
  /// @param text hears what it says while it says it
  record Wish(
      List<ToolSpec> tools,
      boolean mayCall,
      Optional<Double> temperature,
      Deadline deadline,
      Consumer<String> text) {
    public Wish {
      tools = List.copyOf(tools);
    }
  }
}
