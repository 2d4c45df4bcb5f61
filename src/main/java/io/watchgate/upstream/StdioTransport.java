package io.watchgate.upstream;

import io.watchgate.flow.Deadline;
import io.watchgate.jsonrpc.LineReader;
import io.watchgate.jsonrpc.LineWriter;
import io.watchgate.upstream.UpstreamSettings.Command;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A child process that speaks MCP in lines on its standard streams. One thread reads, one writes;
/// both are platform threads, because a pipe that blocks would hold a carrier of virtual threads.
final class StdioTransport implements Transport {
  private static final long WRITE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long LAST_WORDS_MILLIS = 200;
  private static final long FLUSH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String server;
  private final Command command;
  private final int maxBytes;
  private @Nullable ChildProcess child;
  private @Nullable LineWriter writer;
  private final CompletableFuture<String> end = new CompletableFuture<>();
  private final AtomicBoolean finished = new AtomicBoolean();
  private volatile boolean closed;

  StdioTransport(String server, Command command, int maxBytes) {
    this.server = server;
    this.command = command;
    this.maxBytes = maxBytes;
  }

  @Override
  public void open(Receiver receiver, Deadline deadline) throws IOException, InterruptedException {
    var started = SpawnLimit.OF_GATEWAY.start(() -> ChildProcess.start(server, command), deadline);
    child = started;
    writer = new LineWriter(server + " stdin", started.input());
    Thread.ofPlatform().name(server + " stdout").daemon().start(() -> read(started, receiver));
    // A grandchild may hold the output open when the server itself is gone.
    started.onEnd(() -> finish(started, receiver));
  }

  @Override
  public void send(byte[] message, @Nullable Pending pending)
      throws IOException, SessionGone, InterruptedException {
    var out = writer;
    if (closed || out == null) {
      throw gone();
    }
    try {
      out.write(message, WRITE_NANOS);
    } catch (IOException refused) { // the message was not even queued
      if (closed || !isAlive()) {
        throw gone();
      }
      throw NotSent.tooLate(String.valueOf(refused.getMessage()), refused);
    }
  }

  private boolean isAlive() {
    return child != null && child.isAlive();
  }

  private SessionGone gone() throws InterruptedException {
    try {
      return new SessionGone(end.get(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS));
    } catch (TimeoutException | ExecutionException _) {
      return new SessionGone("the process is gone");
    }
  }

  @Override
  public void agreed(String protocolVersion) {}

  @Override
  public void listen() {}

  @Override
  public void close() {
    closed = true;
    end.complete("closed by the gateway");
    if (writer != null) {
      writer.close(FLUSH_NANOS);
    }
    if (child != null) {
      child.end();
    }
  }

  private void read(ChildProcess started, Receiver receiver) {
    try (var out = started.output()) {
      var reader = new LineReader(out, maxBytes);
      while (readLine(reader, receiver)) {}
    } catch (IOException broken) {
      receiver.garbage("output broken off: " + broken.getMessage());
    }
    finish(started, receiver);
  }

  private void finish(ChildProcess started, Receiver receiver) {
    closed = true;
    if (finished.compareAndSet(false, true)) {
      var cause = cause(started);
      end.complete(cause);
      receiver.closed(cause);
      close();
    }
  }

  private static boolean readLine(LineReader reader, Receiver receiver) throws IOException {
    try {
      var line = reader.next();
      if (line == null) {
        return false;
      }
      if (looksLikeMessage(line)) {
        receiver.received(line, null);
      } else if (line.length > 0) {
        receiver.garbage("a line of " + line.length + " bytes that is no JSON object");
      }
    } catch (LineReader.TooLong tooLong) {
      receiver.tooLarge(tooLong.head());
    }
    return true;
  }

  /// Servers print banners and debug output; what does not open an object or array is none.
  private static boolean looksLikeMessage(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t') {
        return b == '{' || b == '[';
      }
    }
    return false;
  }

  private static String cause(ChildProcess started) {
    try {
      return started.describeEnd();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return "closed its output";
    }
  }
}
