package io.watchgate.audit;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 of lines, and of the leaves and nodes of the tree over them (RFC 6962). Not for several
/// threads at once.
final class Sha256 {
  /// Bytes of a hash.
  static final int LENGTH = 32;

  /// What the first line of a log has for the hash of the line before it.
  static final byte[] NONE = new byte[LENGTH];

  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private final MessageDigest digest = newDigest();

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /// The hash of bytes, of a line without its end for example.
  byte[] of(byte[] bytes) {
    return digest.digest(bytes);
  }

  /// The same of a part of an array, into a part of another.
  void of(byte[] bytes, int start, int length, byte[] target, int at) {
    digest.update(bytes, start, length);
    finish(target, at);
  }

  /// The hash of a leaf of the tree, which holds the hash of a line.
  ///
  /// @param entries has the hash of the line at `at`
  byte[] leaf(byte[] entries, int at, int length) {
    digest.update(LEAF);
    digest.update(entries, at, length);
    return digest.digest();
  }

  /// The hash of a node of the tree.
  byte[] node(byte[] left, byte[] right) {
    digest.update(NODE);
    digest.update(left);
    return digest.digest(right);
  }

  private void finish(byte[] target, int at) {
    try {
      int _ = digest.digest(target, at, LENGTH);
    } catch (DigestException e) {
      throw new AssertionError("there is room for a hash", e);
    }
  }

  static String hex(byte[] hash) {
    return HexFormat.of().formatHex(hash);
  }
}
