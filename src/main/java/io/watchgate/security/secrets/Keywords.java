package io.watchgate.security.secrets;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/// Finds all of many words in a text in one pass, whatever their number (Aho and Corasick). Upper
/// and lower case of ASCII letters are the same. Immutable.
final class Keywords {
  private static final int[] NONE = {};

  private final List<String> words;
  private final byte[] classes = new byte[128];
  private final int width;
  private final int[] next;
  private final int[][] ends;

  /// @param words not empty, of ASCII characters
  Keywords(List<String> words) {
    this.words = words.stream().map(Keywords::lower).toList();
    this.width = classify();
    int most = 1 + this.words.stream().mapToInt(String::length).sum();
    var trie = new int[most * width];
    var marks = new int[most][];
    int states = plant(trie, marks);
    this.next = Arrays.copyOf(trie, states * width);
    this.ends = Arrays.copyOf(marks, states);
    link();
  }

  /// What to do when a word was found.
  @FunctionalInterface
  interface Hit {
    /// @param word its place in the list that the keywords were made of
    void at(int word, int start, int end);
  }

  /// Tells of every word in the text, in the order in which they end.
  void search(String text, Hit hit) {
    int state = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      state = c < 128 ? next[state + classes[c]] : 0;
      if (state < 0) {
        state = ~state;
        for (int word : ends[state / width]) {
          hit.at(word, i + 1 - words.get(word).length(), i + 1);
        }
      }
    }
  }

  /// Gives every character of a word a number of its own, and all others the number 0.
  private int classify() {
    byte count = 1;
    for (var word : words) {
      for (int i = 0; i < word.length(); i++) {
        char c = word.charAt(i);
        if (classes[c] == 0) {
          classes[c] = count++;
        }
      }
    }
    for (char c = 'A'; c <= 'Z'; c++) {
      classes[c] = classes[c + 32];
    }
    return count;
  }

  private int plant(int[] trie, int[][] marks) {
    int states = 1;
    Arrays.fill(marks, NONE);
    for (int word = 0; word < words.size(); word++) {
      int state = 0;
      for (char c : words.get(word).toCharArray()) {
        int edge = state * width + classes[c];
        if (trie[edge] == 0) {
          trie[edge] = states++;
        }
        state = trie[edge];
      }
      marks[state] = added(marks[state], new int[] {word});
    }
    return states;
  }

  /// Fills in where to go on when a word breaks off, breadth first. After this an edge leads to the
  /// first number of a state's row, so that the search need not multiply, and is negative where a
  /// word ends, so that it need not look.
  private void link() {
    var fallback = new int[ends.length];
    var queue = new ArrayDeque<Integer>();
    queue.add(0);
    while (!queue.isEmpty()) {
      int state = queue.remove();
      for (int edge = 0; edge < width; edge++) {
        int child = next[state * width + edge];
        int other = state == 0 ? 0 : next[fallback[state] * width + edge];
        if (child == 0) {
          next[state * width + edge] = other;
        } else {
          fallback[child] = other;
          ends[child] = added(ends[child], ends[other]);
          queue.add(child);
        }
      }
    }
    Arrays.setAll(next, i -> ends[next[i]].length == 0 ? next[i] * width : ~(next[i] * width));
  }

  private static int[] added(int[] some, int[] more) {
    var all = Arrays.copyOf(some, some.length + more.length);
    System.arraycopy(more, 0, all, some.length, more.length);
    return all;
  }

  private static String lower(String word) {
    var chars = word.toCharArray();
    for (int i = 0; i < chars.length; i++) {
      if (chars[i] >= 'A' && chars[i] <= 'Z') {
        chars[i] += 32;
      }
    }
    return new String(chars);
  }
}
