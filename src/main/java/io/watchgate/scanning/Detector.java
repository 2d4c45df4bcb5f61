package io.watchgate.scanning;

import java.util.List;

/// Finds one kind of thing in a text. Safe for threads; its time grows with the length of the text
/// and with nothing else that the text says.
public interface Detector {

  /// All finds, in any order; they may overlap.
  List<Finding> find(String text);

  /// All finds in a text that stands under a key, which may say what it is.
  default List<Finding> findUnder(String key, String text) {
    return find(text);
  }

  /// All finds in one reading of a text, for those who care how it was disguised.
  ///
  /// @param key what the text stands under, empty when it is itself a key or there is none
  default List<Finding> findIn(View view, String key) {
    return key.isEmpty() ? find(view.text()) : findUnder(key, view.text());
  }
}
