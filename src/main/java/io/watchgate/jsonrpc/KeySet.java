package io.watchgate.jsonrpc;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The keys of one object while it is scanned, to find a duplicate: compared one by one while they
/// are few, then hashed with a secret seed, so that no sender can make the check slow.
final class KeySet {
  private static final int FEW = 12;
  private static final int FIRST_BUCKETS = 64;
  private static final long SEED = new SecureRandom().nextLong() | 1;

  private byte[][] sources = new byte[FEW][];
  private int[] starts = new int[FEW];
  private int[] ends = new int[FEW];
  private int count;
  private int @Nullable [] buckets;

  void clear() {
    count = 0;
    buckets = null;
  }

  /// Adds a key, given in decoded form; false when it is there already.
  boolean add(byte[] source, int start, int end) {
    if (buckets == null ? count == FEW : count * 2 == buckets.length) {
      hashAll();
    }
    if (buckets == null ? isAmongFew(source, start, end) : !claimBucket(source, start, end)) {
      return false;
    }
    if (count == starts.length) {
      grow();
    }
    sources[count] = source;
    starts[count] = start;
    ends[count] = end;
    count++;
    return true;
  }

  private boolean isAmongFew(byte[] source, int start, int end) {
    for (int i = 0; i < count; i++) {
      if (isKey(i, source, start, end)) {
        return true;
      }
    }
    return false;
  }

  private boolean isKey(int index, byte[] source, int start, int end) {
    return ends[index] - starts[index] == end - start
        && Arrays.equals(sources[index], starts[index], ends[index], source, start, end);
  }

  private boolean claimBucket(byte[] source, int start, int end) {
    var table = Objects.requireNonNull(buckets);
    int mask = table.length - 1;
    int bucket = (int) hash(source, start, end) & mask;
    while (table[bucket] != 0) {
      if (isKey(table[bucket] - 1, source, start, end)) {
        return false;
      }
      bucket = (bucket + 1) & mask;
    }
    table[bucket] = count + 1;
    return true;
  }

  private void grow() {
    int capacity = starts.length * 2;
    sources = Arrays.copyOf(sources, capacity);
    starts = Arrays.copyOf(starts, capacity);
    ends = Arrays.copyOf(ends, capacity);
  }

  private void hashAll() {
    var table = new int[buckets == null ? FIRST_BUCKETS : buckets.length * 2];
    int mask = table.length - 1;
    for (int i = 0; i < count; i++) {
      int bucket = (int) hash(sources[i], starts[i], ends[i]) & mask;
      while (table[bucket] != 0) {
        bucket = (bucket + 1) & mask;
      }
      table[bucket] = i + 1;
    }
    buckets = table;
  }

  private static long hash(byte[] source, int start, int end) {
    long hash = SEED;
    for (int i = start; i < end; i++) {
      hash = (hash ^ source[i]) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    return hash ^ (hash >>> 32);
  }
}
