package io.watchgate.audit.sinks;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A broker of Apache Kafka that is its own controller, in a process of its own. What it keeps
/// outlives it.
final class KafkaBroker implements AutoCloseable {
  /// `make peers` writes it.
  private static final Path CLASS_PATH = Path.of("peers/.java/kafka.txt");

  private final Path directory;
  private final int port = freePort();
  private Process process;

  KafkaBroker(Path directory) throws IOException, InterruptedException {
    this.directory = directory;
    int controller = freePort();
    Files.writeString(
        directory.resolve("server.properties"),
        """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%2$d
        listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
        advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
        controller.listener.names=CONTROLLER
        listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
        log.dirs=%3$s/data
        num.partitions=2
        offsets.topic.replication.factor=1
        auto.create.topics.enable=true
        """
            .formatted(port, controller, directory));
    process = launch("kafka.tools.StorageTool", "format", "-t", "4L6g3nShT-eMCtK--X86sw", "-c");
    if (process.waitFor() != 0) {
      throw new IOException(said());
    }
    start();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  void start() throws IOException {
    process = launch("kafka.Kafka");
  }

  private Process launch(String... what) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", Files.readString(CLASS_PATH).strip()));
    command.addAll(List.of(what));
    command.add(directory.resolve("server.properties").toString());
    var out = new File(directory.toFile(), "said");
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(out))
        .start();
  }

  String said() throws IOException {
    return Files.readString(directory.resolve("said"));
  }

  /// As a machine that loses its power.
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
