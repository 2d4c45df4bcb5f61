package io.watchgate.scanning;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A text as it stands, or what it says without a disguise. Knows for each of its parts where in
/// the original it comes from.
public final class View {
  private final String text;
  private final Disguise disguise;
  private final @Nullable View source;
  private final int[] parts;
  private final boolean decoded;

  /// @param parts see {@link Builder}
  private View(String text, Disguise disguise, @Nullable View source, int[] parts) {
    this.text = text;
    this.disguise = disguise;
    this.source = source;
    this.parts = parts;
    this.decoded = disguise == Disguise.ENCODING || (source != null && source.decoded);
  }

  static View original(String text) {
    return new View(text, Disguise.NONE, null, new int[0]);
  }

  public String text() {
    return text;
  }

  /// The last disguise that was taken off.
  public Disguise disguise() {
    return disguise;
  }

  /// Whether it says all that its source says, so that nobody needs to read that again.
  boolean isWhole() {
    return source == null || text.length() * 4L >= source.text.length() * 3L;
  }

  /// Whether it was read out of base64 or the like.
  public boolean isDecoded() {
    return decoded;
  }

  /// Where the first of these characters begins in the original.
  public int originStart(int start) {
    return source == null ? start : source.originStart(sourceStart(start));
  }

  /// Where the last of the characters before `end` ends in the original.
  public int originEnd(int end) {
    return source == null ? end : source.originEnd(sourceEnd(end));
  }

  private int sourceStart(int index) {
    int part = part(index);
    return isWhole(part) ? ~parts[part + 1] : parts[part + 1] + index - parts[part];
  }

  private int sourceEnd(int end) {
    int part = part(end - 1);
    return isWhole(part) ? parts[part + 2] : parts[part + 1] + end - parts[part];
  }

  private boolean isWhole(int part) {
    return parts[part + 1] < 0;
  }

  private int part(int index) {
    int low = 0;
    int high = parts.length / 3 - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (parts[3 * middle] <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return 3 * low;
  }

  /// Writes a view of another one, part by part. A part is where it begins in the view, and where
  /// it begins and ends in the source: one that is copied says the same character by character, any
  /// other (its beginning inverted) stands for its source as a whole.
  static final class Builder {
    private static final int NEAR = 256;
    private static final String GAP = "\n\n";

    private final StringBuilder text;
    private final View source;
    private int[] parts = new int[24];
    private int size;
    private boolean changed;

    Builder(View source, int capacity) {
      this.source = source;
      this.text = new StringBuilder(capacity);
    }

    void copy(int from, int to) {
      if (from == to) {
        return;
      }
      boolean goesOn = size > 0 && parts[size - 2] >= 0 && parts[size - 1] == from;
      if (goesOn) {
        parts[size - 1] = to;
      } else {
        part(from, to);
      }
      text.append(source.text, from, to);
    }

    /// Copies what stands between two characters that mean something else, at the beginning or the
    /// end of the text: whole words near to them. What is further away is the same in the source,
    /// where it is looked into anyway.
    void copyNear(int from, int to) {
      boolean first = !changed;
      boolean last = to == source.text.length();
      int head = first ? from : wordEnd(from, to);
      int tail = last ? to : wordStart(from, to);
      if (head >= tail) {
        copy(from, to);
        return;
      }
      copy(from, head);
      if (!first && !last) {
        part(~head, tail);
        text.append(GAP);
      }
      copy(tail, to);
    }

    private int wordEnd(int from, int to) {
      int end = Math.min(to, from + NEAR);
      while (end < to && source.text.charAt(end) > ' ') {
        end++;
      }
      return end;
    }

    private int wordStart(int from, int to) {
      int start = Math.max(from, to - NEAR);
      while (start > from && source.text.charAt(start - 1) > ' ') {
        start--;
      }
      return start;
    }

    /// One character in place of another one.
    void swap(char other, int at) {
      copy(at, at + 1);
      text.setCharAt(text.length() - 1, other);
      changed = true;
    }

    void replace(CharSequence other, int from, int to) {
      changed = true;
      if (!other.isEmpty()) {
        part(~from, to);
        text.append(other);
      }
    }

    private void part(int from, int to) {
      if (size + 3 > parts.length) {
        parts = Arrays.copyOf(parts, parts.length * 2);
      }
      parts[size++] = text.length();
      parts[size++] = from;
      parts[size++] = to;
    }

    int length() {
      return text.length();
    }

    /// Null when nothing was changed, or nothing is left.
    @Nullable View build(Disguise disguise) {
      return changed && size > 0
          ? new View(text.toString(), disguise, source, Arrays.copyOf(parts, size))
          : null;
    }
  }
}
