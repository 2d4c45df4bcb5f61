package io.watchgate.testkit;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/// An MCP server on stdio for tests, started as a real child process; see [TestServers#command] and
/// [FixtureOptions].
public final class FixtureServer {
  private FixtureServer() {}

  /// Serves until stdin ends.
  public static void main(String[] arguments) throws IOException, InterruptedException {
    FixtureOptions options = FixtureOptions.parse(arguments);
    if (options.has("exit")) {
      System.err.println("fixture " + options.name() + ": asked to exit at once");
      System.exit(options.number("exit", 1));
    }
    if (options.has("stubborn")) {
      Runtime.getRuntime().addShutdownHook(new Thread(FixtureServer::waitForever));
    }
    serve(options);
    if (options.has("stubborn")) {
      waitForever();
    }
  }

  private static void serve(FixtureOptions options) throws IOException {
    var host = new FixtureHost(options, Runtime.getRuntime()::halt);
    var outbox = new LineOutbox(new FileOutputStream(FileDescriptor.out), options.has("garbage"));
    var session = new FixtureSession(host, "stdio-" + ProcessHandle.current().pid(), outbox);
    Executor executor = Executors.newVirtualThreadPerTaskExecutor();
    var input =
        new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8);
    try (var lines = new BufferedReader(input)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          session.receive(line, outbox, executor);
        }
      }
    }
    session.close();
  }

  private static void waitForever() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
