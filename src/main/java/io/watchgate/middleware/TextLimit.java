package io.watchgate.middleware;

import java.util.ArrayList;
import java.util.List;

/// How much text is kept: so much from the beginning, so much from the end.
///
/// @param unit what is counted
/// @param most of it
/// @param tail the part of that which is kept from the end, 0 to 1
record TextLimit(Unit unit, int most, double tail) {

  /// What a limit counts.
  enum Unit {
    BYTES,
    TOKENS
  }

  /// What is left of some texts.
  ///
  /// @param texts as many as there were, empty where all of one was cut
  /// @param cut how much is gone, in the unit of the limit
  record Cut(List<String> texts, long cut) {}

  long measure(String text) {
    return switch (unit) {
      case BYTES -> bytes(text);
      case TOKENS -> TokenEstimate.of(text);
    };
  }

  private static long bytes(String text) {
    long sum = 0;
    for (int i = 0; i < text.length(); i++) {
      sum += bytes(text.charAt(i));
    }
    return sum;
  }

  /// In UTF-8; two for each half of a pair.
  private static int bytes(char c) {
    if (c < 0x80) {
      return 1;
    }
    return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }

  /// Cuts texts as if they were one, in one place.
  Cut cut(List<String> texts) {
    var all = String.join("", texts);
    long size = measure(all);
    if (size <= most) {
      return new Cut(texts, 0);
    }
    double head = most * (1 - tail);
    int from = head(all, head, size);
    int to = Math.max(from, tail(all, most - head, size));
    long cut = size - measure(all.substring(0, from)) - measure(all.substring(to));
    var marker = "[… " + cut + " " + unitName() + " cut …]";
    var left = new ArrayList<String>(texts.size());
    int start = 0;
    for (var text : texts) {
      int end = start + text.length();
      var before = text.substring(0, Math.clamp(from - start, 0, text.length()));
      var behind = text.substring(Math.clamp(to - start, 0, text.length()));
      boolean beginsHere = start <= from && from < end;
      left.add(beginsHere ? before + marker + behind : before + behind);
      start = end;
    }
    return new Cut(left, cut);
  }

  String unitName() {
    return unit == Unit.BYTES ? "bytes" : "tokens (about)";
  }

  /// Where what is kept at the beginning ends. Tokens are taken to be spread evenly.
  private int head(String text, double budget, long size) {
    if (unit == Unit.TOKENS) {
      return whole(text, (int) (text.length() * budget / size));
    }
    int at = 0;
    for (long used = 0; at < text.length(); at++) {
      used += bytes(text.charAt(at));
      if (used > budget) {
        break;
      }
    }
    return whole(text, at);
  }

  /// Where what is kept at the end starts.
  private int tail(String text, double budget, long size) {
    int at = text.length();
    if (unit == Unit.TOKENS) {
      at -= (int) (text.length() * budget / size);
    } else {
      for (long used = 0; at > 0; at--) {
        used += bytes(text.charAt(at - 1));
        if (used > budget) {
          break;
        }
      }
    }
    return at < text.length() && Character.isLowSurrogate(text.charAt(at)) ? at + 1 : at;
  }

  private static int whole(String text, int at) {
    return at > 0 && Character.isHighSurrogate(text.charAt(at - 1)) ? at - 1 : at;
  }
}
