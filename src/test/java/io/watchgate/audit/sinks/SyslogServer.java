package io.watchgate.audit.sinks;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ServerSocketFactory;

/// A syslog server on a port of its own, which takes messages with the number of their bytes in
/// front.
final class SyslogServer implements AutoCloseable {
  private final ServerSocket listener;
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final List<String> mistakes = new CopyOnWriteArrayList<>();

  SyslogServer(int port, ServerSocketFactory sockets) throws IOException {
    listener = sockets.createServerSocket(port, 16, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::listen);
  }

  int port() {
    return listener.getLocalPort();
  }

  List<String> messages() {
    return messages;
  }

  /// What were no messages.
  List<String> mistakes() {
    return mistakes;
  }

  /// Ends all connections, and takes new ones.
  void hangUp() throws IOException {
    for (var connection : connections) {
      connection.close();
    }
    connections.clear();
  }

  int connections() {
    return connections.size();
  }

  private void listen() {
    try {
      while (true) {
        var connection = listener.accept();
        connections.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void serve(Socket connection) {
    try (var in = new DataInputStream(connection.getInputStream())) {
      while (true) {
        int length = 0;
        for (int c = in.read(); c != ' '; c = in.read()) {
          if (c < '0' || c > '9') {
            throw c < 0 ? new EOFException() : new IOException("no digit: " + c);
          }
          length = length * 10 + c - '0';
        }
        messages.add(new String(in.readNBytes(length), StandardCharsets.UTF_8));
      }
    } catch (EOFException _) {
      // the other side hung up
    } catch (IOException failure) {
      if (!connection.isClosed()) {
        mistakes.add(String.valueOf(failure.getMessage()));
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    hangUp();
  }
}
