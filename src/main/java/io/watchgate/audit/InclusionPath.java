package io.watchgate.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The hashes that lead from one line to the root of the tree (RFC 6962, PATH), gathered while the
/// lines behind it go by.
final class InclusionPath {
  private final long index;

  /// Subtrees on the left of the line, the smallest last.
  private final ArrayDeque<byte[]> left;

  /// Subtrees on its right by their height, as far as they are whole.
  private final Map<Integer, byte[]> right = new HashMap<>();

  /// The one on the right that is not whole yet.
  private MerkleTree growing = new MerkleTree();

  private int height;

  /// @param before the tree of all lines before this one
  InclusionPath(MerkleTree before) {
    this.index = before.size();
    this.left = new ArrayDeque<>(before.nodes());
    this.height = nextRight(0);
  }

  /// Where the line is a left child, there is something on its right.
  private int nextRight(int from) {
    int bit = from;
    while ((index >> bit & 1) == 1) {
      bit++;
    }
    return bit;
  }

  /// Takes the hash of the next line behind it.
  void append(byte[] entry) {
    growing.append(entry);
    if (growing.size() == 1L << height) {
      right.put(height, growing.root());
      growing = new MerkleTree();
      height = nextRight(height + 1);
    }
  }

  /// The hashes from the bottom up.
  List<byte[]> hashes() {
    var hashes = new ArrayList<byte[]>();
    var lefts = new ArrayDeque<>(left);
    for (int bit = 0; bit <= height || !lefts.isEmpty(); bit++) {
      if ((index >> bit & 1) == 1) {
        hashes.add(lefts.removeLast());
      } else if (right.containsKey(bit)) {
        hashes.add(right.get(bit));
      } else if (bit == height && growing.size() > 0) {
        hashes.add(growing.root());
      }
    }
    return hashes;
  }

  /// The root that a path leads to, empty when it is none of this place (RFC 9162, 2.1.3.2).
  ///
  /// @param index of the line, from 0
  /// @param size lines of the tree
  /// @param entry hash of the line
  static Optional<byte[]> root(long index, long size, byte[] entry, List<byte[]> hashes) {
    var sha256 = new Sha256();
    var root = sha256.leaf(entry, 0, entry.length);
    long node = index;
    long last = size - 1;
    for (var hash : hashes) {
      if (last == 0) {
        return Optional.empty();
      }
      if ((node & 1) == 1 || node == last) {
        root = sha256.node(hash, root);
        while ((node & 1) == 0 && node != 0) {
          node >>= 1;
          last >>= 1;
        }
      } else {
        root = sha256.node(root, hash);
      }
      node >>= 1;
      last >>= 1;
    }
    return last == 0 && index < size ? Optional.of(root) : Optional.empty();
  }
}
