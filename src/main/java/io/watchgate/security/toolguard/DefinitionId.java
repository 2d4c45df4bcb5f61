package io.watchgate.security.toolguard;

/// What a definition of a server is known by.
///
/// @param name empty for instructions
record DefinitionId(Kind kind, String name) {
  private static final int LONGEST = 120;

  /// As people read it.
  @Override
  public String toString() {
    return name.isEmpty() ? kind.word() : kind.word() + " \"" + Printable.of(name, LONGEST) + "\"";
  }
}
