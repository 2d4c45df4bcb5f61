package io.watchgate.jsonrpc;

/// What a message may cost to read.
///
/// @param maxBytes length of one message in bytes
/// @param maxDepth nesting of objects and arrays
/// @param maxTokens values and keys in one message, against inputs that are cheap to send and dear
///   to check
public record Limits(int maxBytes, int maxDepth, int maxTokens) {

  /// 16 MiB, 128 levels, 4 million tokens: beyond every message seen in the field.
  public static final Limits DEFAULT = new Limits(16 << 20, 128, 4_000_000);

  /// The deepest nesting that may be allowed: reading is recursive and must fit any thread's stack.
  public static final int MAX_DEPTH = 1024;

  public Limits {
    if (maxDepth < 1 || maxDepth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "maxDepth: " + maxDepth + " (expected: 1-" + MAX_DEPTH + ")");
    }
  }
}
