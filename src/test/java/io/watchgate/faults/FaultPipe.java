package io.watchgate.faults;

import io.watchgate.flow.Time;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/// A program around servers on a pipe that harms what they say. What it does is said here and can
/// be changed while they run; the orders are in `pipe.py`.
final class FaultPipe implements AutoCloseable {
  /// A program that was killed obeys no more.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ServerSocket control;
  private final AtomicLong injected = new AtomicLong();
  private final AtomicLong hanging = new AtomicLong();
  private final AtomicLong obeyed = new AtomicLong();
  private final List<Socket> programs = new ArrayList<>();
  private String order = "pass";

  FaultPipe() throws IOException {
    control = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("fault pipe").start(this::accept);
  }

  /// The command of a server that is called by this name, harmed.
  List<String> server(String name) {
    var command = new ArrayList<String>();
    command.addAll(List.of("python3", script("pipe.py"), String.valueOf(control.getLocalPort())));
    command.addAll(plainServer(name));
    return command;
  }

  /// The command of a server that nobody harms.
  static List<String> plainServer(String name) {
    return List.of("python3", script("server.py"), name);
  }

  private static String script(String name) {
    try {
      var where = Objects.requireNonNull(FaultPipe.class.getResource(name), name);
      return Path.of(where.toURI()).toString();
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// Changes what is done, and returns when it is.
  synchronized void become(String other) {
    order = other;
    long before = obeyed.get();
    programs.removeIf(program -> !isTold(program));
    long until = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (obeyed.get() < before + programs.size() && System.nanoTime() < until) {
        Time.REAL.pass(Duration.ofMillis(1));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Messages and lines that were made up, dropped, or left out of order.
  long injected() {
    return injected.get();
  }

  /// Calls that came to servers which do not answer them.
  long hanging() {
    return hanging.get();
  }

  private void accept() {
    try {
      while (true) {
        begin(control.accept());
      }
    } catch (IOException closed) {
      // the programs end by that
    }
  }

  private synchronized void begin(Socket program) {
    if (isTold(program)) {
      programs.add(program);
      Thread.ofVirtual().start(() -> listen(program));
    }
  }

  private boolean isTold(Socket program) {
    try {
      OutputStream out = program.getOutputStream();
      out.write((order + "\n").getBytes(StandardCharsets.US_ASCII));
      return true;
    } catch (IOException gone) {
      return false;
    }
  }

  private void listen(Socket program) {
    try (program) {
      var reports =
          new BufferedReader(
              new InputStreamReader(program.getInputStream(), StandardCharsets.US_ASCII));
      for (var report = reports.readLine(); report != null; report = reports.readLine()) {
        counter(report).incrementAndGet();
      }
    } catch (IOException gone) {
      // nothing more comes
    }
  }

  private AtomicLong counter(String report) {
    return switch (report) {
      case "hanging" -> hanging;
      case "obeyed" -> obeyed;
      default -> injected;
    };
  }

  @Override
  public synchronized void close() throws IOException {
    control.close();
    for (var program : programs) {
      program.close();
    }
  }
}
