package io.watchgate.scanning;

import java.util.ArrayList;
import java.util.List;

/// A detector that finds a word, for tests.
record Words(String type, String word, double score) implements Detector {
  Words(String word) {
    this("word", word, 0.5);
  }

  @Override
  public List<Finding> find(String text) {
    var found = new ArrayList<Finding>();
    for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      found.add(new Finding(type, at, at + word.length(), score));
    }
    return found;
  }
}
