package io.watchgate.security.toolguard;

import java.util.Set;

/// How strict the guard is.
///
/// @param kinds what is looked at
/// @param poison what becomes of definitions that give orders to the model
/// @param lookalike of names that look like those of another server
/// @param mention of definitions that speak of another server's tools
record Terms(Mode mode, Set<Kind> kinds, Action poison, Action lookalike, Action mention) {

  /// What becomes of definitions that nobody approved.
  enum Mode {
    /// All are shown; what is new or changed is told of.
    WARN,
    /// What was there at first is shown; what is new or changed is not.
    QUARANTINE,
    /// None is shown.
    APPROVE
  }

  /// What becomes of a suspicious definition that nobody approved.
  enum Action {
    OFF,
    WARN,
    HIDE
  }
}
