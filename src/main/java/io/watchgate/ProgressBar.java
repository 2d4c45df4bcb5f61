package io.watchgate;

import io.watchgate.flow.Time;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/// One line that tells a person how far a long reading of files is, drawn over itself. Nothing is
/// to be seen of it where nobody watches, and as long as it does not take long. Safe for threads.
final class ProgressBar implements LongConsumer, AutoCloseable {
  private static final long PATIENCE = Duration.ofSeconds(1).toNanos();
  private static final long PAUSE = Duration.ofMillis(200).toNanos();
  private static final int WIDTH = 40;
  private static final double BYTES_PER_MEGABYTE = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  private final PrintStream out;
  private final boolean isWatched;
  private final long total;
  private final Time time;
  private final long start;
  private final LongAdder done = new LongAdder();
  private long drawn;
  private boolean isDrawn;

  /// @param isWatched whether a person sees what is printed
  /// @param total bytes that there are
  ProgressBar(PrintStream out, boolean isWatched, long total, Time time) {
    this.out = out;
    this.isWatched = isWatched;
    this.total = total;
    this.time = time;
    this.start = time.nanos();
    this.drawn = start + PATIENCE - PAUSE;
  }

  /// The bar on standard error.
  static ProgressBar onTerminal(long total) {
    return new ProgressBar(System.err, Terminal.isInteractive(), total, Time.REAL);
  }

  /// So many more bytes are done.
  @Override
  public void accept(long bytes) {
    done.add(bytes);
    if (isWatched) {
      drawIfDue();
    }
  }

  private synchronized void drawIfDue() {
    long now = time.nanos();
    if (now - drawn < PAUSE) {
      return;
    }
    drawn = now;
    isDrawn = true;
    long bytes = done.sum();
    double part = total <= 0 ? 1 : Math.min(1, (double) bytes / total);
    int full = (int) (part * WIDTH);
    double rate = bytes / BYTES_PER_MEGABYTE / Math.max(1, now - start) * NANOS_PER_SECOND;
    out.printf(
        Locale.ROOT,
        "\r[%s%s] %3d %%  %.0f MB/s ",
        "#".repeat(full),
        " ".repeat(WIDTH - full),
        (int) (part * 100),
        rate);
    out.flush();
  }

  /// Takes the bar away.
  @Override
  public synchronized void close() {
    if (isDrawn) {
      out.print("\r" + " ".repeat(WIDTH + 30) + "\r");
      out.flush();
    }
  }
}
