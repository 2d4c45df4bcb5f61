package io.watchgate.security.secrets;

/// Looks closer where a keyword was found.
interface Probe {

  /// Looks, and tells the sweep what it finds.
  ///
  /// @param start of the keyword
  /// @param end behind it
  void at(Sweep sweep, int start, int end);

  /// Notes that the keyword is in the name of a value.
  default void named(Sweep sweep, Assignment assignment) {}
}
