package io.watchgate.agents;

/// Hears how an execution goes on, on its threads.
public interface Progress {
  /// Does not listen.
  Progress NONE = new Progress() {};

  /// The execution begins.
  default void began(String execution) {}

  /// The model says something.
  default void text(String words) {}

  /// A tool is called.
  default void calling(String tool) {}

  /// A call of a tool ended.
  default void ended(Step step) {}
}
