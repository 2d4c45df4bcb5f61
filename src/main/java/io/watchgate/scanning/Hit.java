package io.watchgate.scanning;

/// Something that was found in a message.
///
/// @param pointer JSON pointer of the value, or of the member whose key it is in; says nothing that
///   may have to be hidden, and is empty where very much was found
/// @param isKey whether it is in a key
/// @param start of the characters that have to go, in the key, string or number
/// @param end behind them
/// @param type what it is, in `snake_case`
/// @param disguise how it was hidden
/// @param score how sure it is
/// @param found the text itself, without its disguise
public record Hit(
    String pointer,
    boolean isKey,
    int start,
    int end,
    String type,
    Disguise disguise,
    double score,
    String found) {

  /// What may be written into a record: never what was found.
  @Override
  public String toString() {
    var where = (isKey ? "the key of " : "") + (pointer.isEmpty() ? "the message" : pointer);
    var how = disguise == Disguise.NONE ? "" : " (disguised)";
    return type + " in " + where + how;
  }
}
