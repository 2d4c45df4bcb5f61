package io.watchgate.flow;

/// Whether calls to a server are let through.
public enum CircuitState {
  CLOSED,
  HALF_OPEN,
  OPEN
}
