package io.watchgate.security.secrets;

/// Finds words that look drawn by lot, whatever stands around them.
///
/// @param threshold the least entropy, on the scale of a long text of 64 different characters
/// @param minLength of a word
record EntropySearch(double threshold, int minLength) {
  private static final int LONGEST = 200;

  void search(Sweep sweep) {
    var text = sweep.text();
    int i = 0;
    while (i < text.length()) {
      int start = i;
      while (i < text.length() && isPart(text.charAt(i))) {
        i++;
      }
      if (i - start >= minLength && i - start <= LONGEST) {
        judge(sweep, start, i);
      }
      i++;
    }
  }

  private void judge(Sweep sweep, int start, int end) {
    var word = sweep.text().substring(start, end);
    if (Randomness.isRandom(word) && Randomness.scaledEntropy(word) >= threshold) {
      sweep.found("entropy_based", start, end, 0.3);
    }
  }

  private static boolean isPart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "+/=_-".indexOf(c) >= 0;
  }
}
