package io.watchgate.scanning;

import java.util.List;

/// Finds one kind of thing in a text. Safe for threads; its time grows with the length of the text
/// and with nothing else that the text says.
public interface Detector {

  /// All finds, in any order; they may overlap.
  List<Finding> find(String text);
}
