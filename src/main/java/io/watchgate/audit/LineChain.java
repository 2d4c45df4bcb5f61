package io.watchgate.audit;

import io.watchgate.plugin.AuditRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// Makes the lines of a log out of records: each with its number and the hash of the line before
/// it. Not for several threads at once.
final class LineChain {
  private static final byte[] SEQ = "{\"seq\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PREV = ",\"prev\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\"}".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int SMALLEST_BUFFER = 64 * 1024;
  private static final int LARGEST_KEPT_BUFFER = 1024 * 1024;
  private static final int MOST_DIGITS = 20;

  private final Sha256 sha256 = new Sha256();
  private final byte[] prev = new byte[Sha256.LENGTH];
  private MerkleTree tree = new MerkleTree();
  private byte[] buffer = new byte[SMALLEST_BUFFER];
  private int length;

  /// Where a chain is.
  ///
  /// @param hash of the last line, in hexadecimal
  /// @param tree over all lines, which nobody adds to
  record Head(String hash, MerkleTree tree) {
    /// Of a log without lines.
    static final Head START = new Head(Sha256.hex(Sha256.NONE), new MerkleTree());

    /// Number of the last line.
    long seq() {
      return tree.size();
    }
  }

  /// Number of the last line.
  long seq() {
    return tree.size();
  }

  /// Where it is now.
  Head head() {
    return new Head(Sha256.hex(prev), copy(tree));
  }

  private static MerkleTree copy(MerkleTree tree) {
    return MerkleTree.of(tree.size(), tree.nodes());
  }

  /// Goes on from somewhere else, with no lines made.
  void reset(Head head) {
    System.arraycopy(HexFormat.of().parseHex(head.hash), 0, prev, 0, prev.length);
    tree = copy(head.tree);
    length = 0;
  }

  /// Forgets the lines that were made, and goes on behind them.
  void clear() {
    length = 0;
    if (buffer.length > LARGEST_KEPT_BUFFER) {
      buffer = new byte[SMALLEST_BUFFER];
    }
  }

  /// The lines that were made since.
  ByteBuffer lines() {
    return ByteBuffer.wrap(buffer, 0, length);
  }

  /// Adds a line for a record.
  void add(AuditRecord record) {
    var members = record.json();
    int most = members.length() + SEQ.length + MOST_DIGITS + PREV.length + 2 * prev.length + 4;
    if (buffer.length - length < most) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + most));
    }
    int start = length;
    put(SEQ);
    putNumber(tree.size() + 1);
    members.copyTo(buffer, length);
    buffer[length] = ',';
    length += members.length() - 1;
    put(PREV);
    for (byte each : prev) {
      buffer[length++] = DIGITS[each >> 4 & 0xF];
      buffer[length++] = DIGITS[each & 0xF];
    }
    put(END);
    sha256.of(buffer, start, length - start, prev, 0);
    tree.append(prev);
    buffer[length++] = '\n';
  }

  private void put(byte[] bytes) {
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
  }

  private void putNumber(long number) {
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    int at = length + digits;
    for (long rest = number; at > length; rest /= 10) {
      buffer[--at] = (byte) ('0' + rest % 10);
    }
    length += digits;
  }
}
