package io.watchgate.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// A program between two pipes: so many requests are always on their way, and for every answer the
/// next one is sent. Answers may come in any order.
final class Pipes implements AutoCloseable {
  private final Process process;
  private final OutputStream out;
  private final InputStream in;
  private byte[] held = new byte[1 << 20];
  private int from;
  private int to;
  private Request request = new Request(new byte[0], -1);
  private int base = Ids.FIRST;

  private Pipes(Process process) {
    this.process = process;
    this.out = new BufferedOutputStream(process.getOutputStream(), 1 << 16);
    this.in = process.getInputStream();
  }

  /// Starts a program that speaks the protocol on standard input and output, and greets it.
  static Pipes open(List<String> command, Path directory) throws IOException {
    var pipes = new Pipes(Program.launchPiped(command, directory));
    pipes.say(Messages.INITIALIZE);
    pipes.line();
    pipes.say(Messages.INITIALIZED);
    return pipes;
  }

  /// The time from the start of a program until it has answered its first request.
  static Duration firstAnswer(List<String> command, Path directory) throws IOException {
    long start = System.nanoTime();
    try (var _ = open(command, directory)) {
      return Duration.ofNanos(System.nanoTime() - start);
    }
  }

  ProcessHandle process() {
    return process.toHandle();
  }

  private void say(String message) throws IOException {
    out.write(Bytes.of(message + "\n"));
    out.flush();
  }

  /// The next line without its end, in `held` from `from` on.
  ///
  /// @return where it ends
  private int line() throws IOException {
    int seen = from;
    while (true) {
      int end = Bytes.find(held, seen, to, (byte) '\n');
      if (end >= 0) {
        return end;
      }
      seen = to;
      if (from > 0) {
        System.arraycopy(held, from, held, 0, to - from);
        seen -= from;
        to -= from;
        from = 0;
      }
      if (to == held.length) {
        held = Arrays.copyOf(held, 2 * held.length);
      }
      int count = in.read(held, to, held.length - to);
      if (count < 0) {
        throw new BenchFailure("the program ended instead of an answer");
      }
      to += count;
    }
  }

  /// Learns what the answer to an operation is.
  Answer learn(Operation operation) throws IOException {
    from = 0;
    to = 0;
    request = Request.of(Messages.request(operation.method(), operation.params("")) + "\n");
    base++;
    send(base);
    out.flush();
    int end = line();
    var answer = Answer.learn(Arrays.copyOfRange(held, from, end), base, operation);
    from = end + 1;
    return answer;
  }

  private void send(int id) throws IOException {
    Ids.write(id, request.bytes(), request.idAt());
    out.write(request.bytes());
  }

  /// @param window how many requests are on their way
  Sample run(Answer answer, int window, Duration time) throws IOException {
    var latencies = Sample.histogram();
    var since = new long[window];
    var ids = new int[window]; // each place has ids of its own: every so many-th from its first
    long start = System.nanoTime();
    long end = start + time.toNanos();
    long now = start;
    base += window - base % window; // so that the remainder of an id is its place
    for (int i = 0; i < window; i++) {
      since[i] = start;
      ids[i] = base + i;
      send(ids[i]);
    }
    int inFlight = window;
    while (inFlight > 0) {
      if (Bytes.find(held, from, to, (byte) '\n') < 0) {
        out.flush(); // nothing more to do before something is read
      }
      int lineEnd = line();
      now = System.nanoTime();
      int place = answer.idOf(held, from, lineEnd) % window;
      if (!answer.matches(held, from, lineEnd, ids[place])) {
        throw new BenchFailure("a wrong answer: " + Bytes.text(held, from, lineEnd));
      }
      from = lineEnd + 1;
      latencies.recordValue(now - since[place]);
      inFlight--;
      if (now < end) {
        since[place] = now;
        ids[place] += window;
        base = Math.max(base, ids[place]);
        send(ids[place]);
        inFlight++;
      }
    }
    base += window;
    return new Sample(latencies, now - start);
  }

  @Override
  public void close() {
    Program.kill(process.toHandle());
  }
}
