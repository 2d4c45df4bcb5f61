package io.watchgate.audit;

import java.util.ArrayList;
import java.util.List;

/// The Merkle tree of RFC 6962 over the lines of a log, as much of it as it takes to go on: the
/// roots of its perfect subtrees from left to right, at most 63. The entry of a line is the hash of
/// its bytes. Not for several threads at once.
final class MerkleTree {
  private final Sha256 sha256 = new Sha256();
  private final ArrayList<byte[]> nodes = new ArrayList<>();
  private long size;

  /// A tree that goes on from what another one was.
  ///
  /// @param nodes as {@link #nodes()} gave them
  /// @throws IllegalArgumentException when a tree of this size has other nodes
  static MerkleTree of(long size, List<byte[]> nodes) {
    if (size < 0
        || Long.bitCount(size) != nodes.size()
        || nodes.stream().anyMatch(node -> node.length != Sha256.LENGTH)) {
      throw new IllegalArgumentException("a tree over " + size + " lines has other nodes");
    }
    var tree = new MerkleTree();
    tree.size = size;
    tree.nodes.addAll(nodes);
    return tree;
  }

  /// Adds the line with this hash at the right.
  void append(byte[] entry) {
    append(entry, 0, entry.length);
  }

  /// Adds the line whose hash is a part of an array.
  void append(byte[] entries, int at, int length) {
    appendLeaf(sha256.leaf(entries, at, length));
  }

  /// Every two subtrees of one height become one that is higher.
  private void appendLeaf(byte[] leaf) {
    var node = leaf;
    for (long left = size; (left & 1) == 1; left >>= 1) {
      node = sha256.node(nodes.removeLast(), node);
    }
    nodes.add(node);
    size++;
  }

  /// Lines in the tree.
  long size() {
    return size;
  }

  /// The roots of the perfect subtrees from left to right, the largest first.
  List<byte[]> nodes() {
    return List.copyOf(nodes);
  }

  /// The hash that stands for all lines in their order.
  byte[] root() {
    if (nodes.isEmpty()) {
      return sha256.of(new byte[0]);
    }
    var root = nodes.getLast();
    for (int i = nodes.size() - 2; i >= 0; i--) {
      root = sha256.node(nodes.get(i), root);
    }
    return root;
  }
}
