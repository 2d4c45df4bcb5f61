package io.watchgate.everything;

/// Something about the server that clients may want to hear of.
sealed interface Change {

  /// A list has other entries now.
  record ListChanged(String list) implements Change {}

  /// A resource reads differently now.
  record ResourceUpdated(String uri) implements Change {}

  /// A task has another status, or wants other input.
  record TaskChanged(Task task) implements Change {}
}
