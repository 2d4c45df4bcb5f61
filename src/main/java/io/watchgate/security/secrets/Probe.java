package io.watchgate.security.secrets;

/// Looks closer where a keyword was found.
interface Probe {

  /// @param start of the keyword
  /// @param end behind it
  void at(Sweep sweep, int start, int end);
}
