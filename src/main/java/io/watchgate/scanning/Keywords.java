package io.watchgate.scanning;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/// Finds thousands of keywords in one pass over a text, in capitals or small letters (Aho and
/// Corasick, with a table of all transitions).
public final class Keywords {
  private final char[] classes = new char[1 << Character.SIZE];
  private final int width;
  private final int[] lengths;
  private int[] transitions;
  private int[] keywordOf; // by state, -1 for none
  private int[] suffixes; // by state, the next shorter state that has a keyword, 0 for none
  private int[] sameKeyword; // by keyword, an earlier one that is spelled the same, -1 for none
  private int states = 1;

  /// Who is told of keywords.
  @FunctionalInterface
  public interface Listener {
    /// Hears of one.
    ///
    /// @param keyword its number in the list
    /// @param end behind its last character
    void found(int keyword, int end);
  }

  private Keywords(List<String> keywords) {
    char count = 1;
    for (var keyword : keywords) {
      for (int i = 0; i < keyword.length(); i++) {
        char c = Character.toLowerCase(keyword.charAt(i));
        if (classes[c] == 0) {
          classes[c] = count++;
          classes[Character.toUpperCase(c)] = classes[c];
        }
      }
    }
    width = count;
    lengths = keywords.stream().mapToInt(String::length).toArray();
    int most = 1 + Arrays.stream(lengths).sum();
    transitions = new int[most * width];
    keywordOf = new int[most];
    Arrays.fill(keywordOf, -1);
    suffixes = new int[most];
    sameKeyword = new int[lengths.length];
  }

  /// Makes the table for some keywords.
  ///
  /// @param keywords none of them empty
  public static Keywords of(List<String> keywords) {
    var built = new Keywords(keywords);
    for (int i = 0; i < keywords.size(); i++) {
      built.insert(keywords.get(i), i);
    }
    built.connect();
    return built;
  }

  private void insert(String keyword, int number) {
    int state = 0;
    for (int i = 0; i < keyword.length(); i++) {
      int at = state * width + classes[Character.toLowerCase(keyword.charAt(i))];
      if (transitions[at] == 0) {
        transitions[at] = states++;
      }
      state = transitions[at];
    }
    sameKeyword[number] = keywordOf[state];
    keywordOf[state] = number;
  }

  private void connect() {
    transitions = Arrays.copyOf(transitions, states * width);
    var fallback = new int[states];
    var queue = new ArrayDeque<Integer>();
    for (int c = 0; c < width; c++) {
      if (transitions[c] != 0) {
        queue.add(transitions[c]);
      }
    }
    while (!queue.isEmpty()) {
      int state = queue.remove();
      int shorter = fallback[state];
      suffixes[state] = keywordOf[shorter] >= 0 ? shorter : suffixes[shorter];
      for (int c = 0; c < width; c++) {
        int next = transitions[state * width + c];
        if (next == 0) {
          transitions[state * width + c] = transitions[shorter * width + c];
        } else {
          fallback[next] = transitions[shorter * width + c];
          queue.add(next);
        }
      }
    }
  }

  /// Tells of every keyword in a text, in the order of their ends.
  public void find(CharSequence text, Listener listener) {
    find(text, 0, text.length(), listener);
  }

  /// Tells of every keyword in a part of a text, in the order of their ends.
  public void find(CharSequence text, int from, int to, Listener listener) {
    int state = 0;
    for (int i = from; i < to; i++) {
      state = transitions[state * width + classes[text.charAt(i)]];
      if (keywordOf[state] >= 0 || suffixes[state] != 0) {
        tell(state, i + 1, listener);
      }
    }
  }

  private void tell(int last, int end, Listener listener) {
    for (int state = last; state != 0; state = suffixes[state]) {
      for (int keyword = keywordOf[state]; keyword >= 0; keyword = sameKeyword[keyword]) {
        listener.found(keyword, end);
      }
    }
  }

  /// Characters of a keyword.
  public int length(int keyword) {
    return lengths[keyword];
  }
}
