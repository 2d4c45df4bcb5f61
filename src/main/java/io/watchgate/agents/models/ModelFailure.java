package io.watchgate.agents.models;

/// Why a model did not answer, in words for whoever asked.
public final class ModelFailure extends Exception {
  private static final long serialVersionUID = 1L;

  public ModelFailure(String what) {
    super(what, null, false, false);
  }

  /// The words.
  public String what() {
    return String.valueOf(getMessage());
  }
}
