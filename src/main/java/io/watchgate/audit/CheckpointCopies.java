package io.watchgate.audit;

import io.watchgate.audit.LogSettings.Copy;
import io.watchgate.flow.Time;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes checkpoints to a second place, one after the other, on a thread of its own. Those that
/// wait while the place cannot be reached are bounded: the oldest leave, since the newest covers
/// all that they cover.
final class CheckpointCopies implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CheckpointCopies.class);
  private static final int MOST_WAITING = 100;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration END = Duration.ofSeconds(2);
  private static final int SUCCESS = 200;
  private static final int NO_SUCCESS = 300;

  private final Copy to;
  private final Disk disk;
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<SignedNote> waiting = new ArrayDeque<>();
  private final Thread thread;
  private @Nullable HttpClient client;
  private boolean closed;
  private volatile @Nullable String trouble;

  CheckpointCopies(Copy to, Disk disk, Time time) {
    this.to = to;
    this.disk = disk;
    this.time = time;
    this.thread = Thread.ofVirtual().name("copies of checkpoints").start(this::run);
  }

  Copy to() {
    return to;
  }

  void add(SignedNote note) {
    lock.lock();
    try {
      if (waiting.size() == MOST_WAITING) {
        waiting.removeFirst();
      }
      waiting.addLast(note);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Why copies do not arrive, null when they do.
  @Nullable String trouble() {
    return trouble;
  }

  private void run() {
    try {
      var pause = FIRST_PAUSE;
      for (var note = next(); note != null; note = next()) {
        if (isTaken(note)) {
          pause = FIRST_PAUSE;
        } else {
          pause(pause);
          pause =
              pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                  ? pause.multipliedBy(2)
                  : LONGEST_PAUSE;
        }
      }
    } catch (InterruptedException _) {
      // it is closed, and the place takes nothing
    }
  }

  /// Waits for a checkpoint, which stays where it is; null when there will be none.
  private @Nullable SignedNote next() throws InterruptedException {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        changed.await();
      }
      return waiting.peekFirst();
    } finally {
      lock.unlock();
    }
  }

  private boolean isTaken(SignedNote note) throws InterruptedException {
    try {
      copy(note.encode() + "\n");
      trouble = null;
      lock.lock();
      try {
        waiting.remove(note);
      } finally {
        lock.unlock();
      }
      return true;
    } catch (IOException failure) {
      if (trouble == null) {
        log.warn("checkpoints do not get to their second place: {}", failure.toString());
      }
      trouble = String.valueOf(failure.getMessage());
      return false;
    }
  }

  private void copy(String note) throws IOException, InterruptedException {
    switch (to) {
      case Copy.ToFile(var file) -> {
        var directory = file.toAbsolutePath().getParent();
        if (directory != null) {
          disk.createDirectories(directory);
        }
        try (var out = disk.append(file)) {
          Disk.writeAll(out, ByteBuffer.wrap(note.getBytes(StandardCharsets.UTF_8)));
          out.force();
        }
      }
      case Copy.ToServer(var uri) -> {
        var request =
            HttpRequest.newBuilder(uri)
                .timeout(TIMEOUT)
                .header("Content-Type", "text/plain; charset=utf-8")
                .POST(BodyPublishers.ofString(note))
                .build();
        int status = client().send(request, BodyHandlers.discarding()).statusCode();
        if (status < SUCCESS || status >= NO_SUCCESS) {
          throw new IOException(uri + " answers with status " + status);
        }
      }
    }
  }

  private HttpClient client() {
    var known = client;
    if (known == null) {
      known = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
      client = known;
    }
    return known;
  }

  private void pause(Duration pause) throws InterruptedException {
    long end = time.nanos() + pause.toNanos();
    lock.lock();
    try {
      while (!closed && end - time.nanos() > 0) {
        time.await(changed, end - time.nanos());
      }
      if (closed) {
        throw new InterruptedException();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Takes along what waits, if the place is quick.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    try {
      if (!thread.join(END)) {
        thread.interrupt();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    if (client != null) {
      client.shutdownNow();
    }
  }
}
