package io.watchgate.security.injection;

import java.util.concurrent.ArrayBlockingQueue;

/// Looks at a text through a window that shows a sentence, and one that shows it with the sentence
/// in front of it.
final class Windows {
  private static final int MOST_WORDS = 2 * Sentences.MOST_WORDS;

  private static final int FEWEST_WORDS = 2;

  /// What is used again costs no time to make; a few, since no more look at the same time.
  private static final ArrayBlockingQueue<Windows> SPARE = new ArrayBlockingQueue<>(16);

  private final Sentences sentences = new Sentences();
  private final Features.Reader reader = new Features.Reader(sentences);
  private Features shown = new Features();
  private Features before = new Features();

  private Windows() {}

  /// Whether a text seems to be written with its letters moved by half the alphabet, or backwards.
  record Cyphers(boolean moved, boolean backwards) {}

  /// Who looks.
  @FunctionalInterface
  interface Viewer {
    /// Sees a part of the text.
    ///
    /// @param features to be read at once, for they change
    void see(int start, int end, Features features);
  }

  /// Shows a text, and says how it may have to be read instead.
  static Cyphers of(String text, Viewer viewer) {
    var spare = SPARE.poll();
    var windows = spare == null ? new Windows() : spare;
    windows.pass(text, viewer);
    var cyphers =
        new Cyphers(
            windows.reader.moved() >= FEWEST_WORDS, windows.reader.backwards() >= FEWEST_WORDS);
    SPARE.offer(windows); // not where something was thrown: who knows what it left behind
    return cyphers;
  }

  private void pass(String text, Viewer viewer) {
    sentences.read(text);
    reader.begin();
    before.clear();
    int beforeStart = 0;
    int beforeWords = 0;
    while (sentences.next()) {
      reader.read(text, shown);
      if (!shown.isEmpty()) {
        viewer.see(sentences.start(), sentences.end(), shown);
        if (!before.isEmpty() && beforeWords + sentences.words() < MOST_WORDS) {
          before.addAll(shown);
          viewer.see(beforeStart, sentences.end(), before);
        }
      }
      var last = shown;
      shown = before;
      before = last;
      beforeStart = sentences.start();
      beforeWords = sentences.words();
    }
  }
}
