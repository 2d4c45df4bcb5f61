package io.watchgate.security.secrets;

/// Reads the value of a name that sounds like a secret.
final class NameProbe implements Probe {

  @Override
  public void at(Sweep sweep, int start, int end) {
    sweep.values().keyword(start, end);
  }

  @Override
  public void named(Sweep sweep, Assignment assignment) {
    sweep.values().assigned(assignment);
  }
}
