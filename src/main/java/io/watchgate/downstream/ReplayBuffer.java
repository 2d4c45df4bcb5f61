package io.watchgate.downstream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/// The newest events of a session's streams, for clients that lost a stream and come back. Bounded:
/// the oldest go first, and the newest stays however large it is, because it may be an answer that
/// a client is still to fetch. Not safe for several threads.
final class ReplayBuffer {
  static final int MAX_EVENTS = 1000;
  static final int MAX_BYTES = 4 << 20;

  private final Deque<Kept> kept = new ArrayDeque<>();
  private long bytes;

  /// An event of a stream.
  record Kept(SessionStream stream, long position, Event event) {}

  /// Keeps the newest event of a stream.
  ///
  /// @param onDrop gets what makes room for it
  void add(SessionStream stream, Event event, Consumer<Kept> onDrop) {
    kept.add(new Kept(stream, stream.newest().position(), event));
    bytes += event.size();
    while (kept.size() > 1 && (kept.size() > MAX_EVENTS || bytes > MAX_BYTES)) {
      var oldest = kept.remove();
      bytes -= oldest.event().size();
      onDrop.accept(oldest);
    }
  }

  /// What came on a stream after a position, oldest first.
  List<Kept> after(SessionStream stream, long position) {
    return kept.stream()
        .filter(event -> event.stream() == stream && event.position() > position)
        .toList();
  }

  void forget(SessionStream stream) {
    kept.removeIf(event -> {
      boolean forgotten = event.stream() == stream;
      bytes -= forgotten ? event.event().size() : 0;
      return forgotten;
    });
  }

  void clear() {
    kept.clear();
    bytes = 0;
  }
}
