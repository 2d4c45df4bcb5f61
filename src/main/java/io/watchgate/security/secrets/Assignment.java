package io.watchgate.security.secrets;

import org.jspecify.annotations.Nullable;

/// A name in a text and the value that it is given: in code, JSON, YAML, environment files, command
/// lines, HTTP headers, XML or prose.
///
/// @param form how the value is written
record Assignment(String text, int nameStart, int nameEnd, int start, int end, Form form) {

  private static final int LONG = 64;

  /// How a value is written, by what it can be told from code and prose.
  enum Form {
    /// Between quotes.
    QUOTED,
    /// Between quotes, but without a sign of assignment, as in a call or a list.
    LISTED,
    /// All that stands under a key.
    WHOLE,
    /// Behind a sign of assignment or the like, up to the next blank.
    BARE,
    /// Behind words of a sentence.
    PROSE
  }

  String name() {
    return text.substring(nameStart, nameEnd);
  }

  String value() {
    return text.substring(start, end);
  }

  /// Whether other names may be in the value without being told from it. Looking for them would
  /// take long where there are many.
  boolean isLongAndBare() {
    return form == Form.BARE && end - start > LONG;
  }

  /// A text as the value of the key that it stands under.
  ///
  /// @return null when it is no value of one line
  static @Nullable Assignment under(String key, String value) {
    return new AssignmentReader(key + "=" + value).whole(key.length());
  }
}
