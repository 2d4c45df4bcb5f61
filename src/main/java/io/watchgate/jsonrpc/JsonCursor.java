package io.watchgate.jsonrpc;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Goes over the keys, strings and numbers of a value in the order of its text. Knows where each
/// stands; decodes only what it is asked for.
public final class JsonCursor {
  private static final int LONGEST_NAME = 32;
  private static final int MOST_DIGITS_OF_A_NAME = 2;

  private final byte[] in;
  private final int base;
  private final int limit;
  private int at;
  private int start;
  private int end;
  private Kind kind = Kind.STRING;
  private int depth;
  private Level[] levels = new Level[8];

  /// What a cursor stops at.
  public enum Kind {
    KEY,
    STRING,
    NUMBER
  }

  /// An object or array that is open.
  private static final class Level {
    private boolean object;
    private int opened;
    private int index;
    private int keyStart;
    private int keyEnd;
    private @Nullable String key;

    private void open(boolean isObject, int offset) {
      object = isObject;
      opened = offset;
      index = 0;
      keyEnd = 0;
    }
  }

  JsonCursor(byte[] in, int start, int end) {
    this.in = in;
    this.base = start;
    this.limit = end;
    this.at = start;
  }

  /// Goes on to the next key, string or number.
  public boolean next() {
    while (at < limit) {
      switch (in[at]) {
        case '"' -> {
          string();
          return true;
        }
        case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
          span(at, JsonWalker.skip(in, at), Kind.NUMBER);
          return true;
        }
        case '{', '[' -> open();
        case '}', ']' -> depth--;
        case ',' -> levels[depth - 1].index++;
        default -> {}
      }
      at++;
    }
    return false;
  }

  private void open() {
    if (depth == levels.length) {
      levels = Arrays.copyOf(levels, depth * 2);
    }
    if (levels[depth] == null) {
      levels[depth] = new Level();
    }
    levels[depth++].open(in[at] == '{', at);
  }

  private void string() {
    span(at, JsonWalker.skip(in, at), Kind.STRING);
    int after = JsonWalker.skipSpace(in, end);
    if (after < limit && in[after] == ':') {
      kind = Kind.KEY;
      var level = levels[depth - 1];
      level.keyStart = start;
      level.keyEnd = end;
      level.key = null;
    }
  }

  private void span(int from, int to, Kind what) {
    start = from;
    end = to;
    kind = what;
    at = to;
  }

  public Kind kind() {
    return kind;
  }

  /// Where it begins, in bytes from the beginning of the value; the quotes belong to it.
  public int start() {
    return start - base;
  }

  /// Behind its last byte.
  public int end() {
    return end - base;
  }

  /// The text of the key or string, the spelling of the number.
  public String text() {
    int quote = kind == Kind.NUMBER ? 0 : 1;
    return JsonString.decodeText(in, start + quote, end - quote);
  }

  /// Where the innermost object or array begins, -1 outside of all.
  public int container() {
    return depth == 0 ? -1 : levels[depth - 1].opened - base;
  }

  /// The key of the innermost member that this stands in, itself where it is a key.
  public Optional<String> key() {
    for (int i = depth - 1; i >= 0; i--) {
      if (levels[i].object) {
        return Optional.of(key(levels[i]));
      }
    }
    return Optional.empty();
  }

  private String key(Level level) {
    var known = level.key;
    if (known == null) {
      known = JsonString.decodeText(in, level.keyStart + 1, level.keyEnd - 1);
      level.key = known;
    }
    return known;
  }

  /// The JSON pointer of the value that this is or is the key of, as it can be written into a
  /// record: a key that does not look like a name may be what has to be hidden, and has the number
  /// of the member in its place, such as `#3`.
  public String pointer() {
    var pointer = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      var level = levels[i];
      pointer.append('/');
      if (!level.object) {
        pointer.append(level.index);
      } else if (isName(key(level))) {
        pointer.append(key(level));
      } else {
        pointer.append('#').append(level.index);
      }
    }
    return pointer.toString();
  }

  private static boolean isName(String key) {
    int digits = 0;
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      boolean digit = c >= '0' && c <= '9';
      digits += digit ? 1 : 0;
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && !digit && "_-$.".indexOf(c) < 0) {
        return false;
      }
    }
    return !key.isEmpty() && key.length() <= LONGEST_NAME && digits <= MOST_DIGITS_OF_A_NAME;
  }
}
