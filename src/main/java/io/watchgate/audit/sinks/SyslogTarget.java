package io.watchgate.audit.sinks;

import io.watchgate.jsonrpc.Json;
import io.watchgate.plugin.AuditRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// A syslog server, over TCP, or TLS where sockets for that are given. The protocol has no
/// receipts: what the systems of both sides held when a connection broke may be lost. A connection
/// that the server ended is not written to.
final class SyslogTarget implements Target {
  private static final int CONNECT_MILLIS = 5_000;

  private final String host;
  private final int port;
  private final Optional<SSLSocketFactory> sockets;
  private final SyslogFormat format;
  private volatile @Nullable Connection current;
  private volatile boolean closed;

  SyslogTarget(String host, int port, Optional<SSLSocketFactory> sockets, SyslogFormat format) {
    this.host = host;
    this.port = port;
    this.sockets = sockets;
    this.format = format;
  }

  @Override
  public String name() {
    return (sockets.isPresent() ? "tls://" : "tcp://") + host + ":" + port;
  }

  @Override
  public Json about() {
    return Json.object("connected", current != null);
  }

  @Override
  public void keep(List<AuditRecord> batch) throws IOException {
    var frames = new ByteArrayOutputStream();
    batch.forEach(record -> frames.writeBytes(format.frame(record)));
    var connection = connection();
    try {
      var out = connection.socket().getOutputStream();
      out.write(frames.toByteArray());
      out.flush();
    } catch (IOException failure) {
      drop(connection);
      throw failure;
    }
    if (connection != current) {
      throw new IOException("the server ended the connection");
    }
  }

  private Connection connection() throws IOException {
    var open = current;
    if (open != null) {
      return open;
    }
    if (closed) {
      throw new IOException("closed");
    }
    var wire = new Socket();
    try {
      wire.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      wire.setKeepAlive(true);
      var made = new Connection(wire, sockets.isPresent() ? encrypted(wire) : wire);
      current = made;
      Thread.ofVirtual().name("end of " + name()).start(() -> watch(made));
      return made;
    } catch (IOException failure) {
      wire.close();
      throw failure;
    }
  }

  private Socket encrypted(Socket wire) throws IOException {
    wire.setSoTimeout(CONNECT_MILLIS);
    var socket = (SSLSocket) sockets.orElseThrow().createSocket(wire, host, port, true);
    var parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm(
        "HTTPS"); // the name, as in a certificate of HTTPS
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    wire.setSoTimeout(0);
    return socket;
  }

  /// A server of syslog says nothing, so what can be read is the end.
  private void watch(Connection connection) {
    try (var in = connection.socket().getInputStream()) {
      while (in.read() >= 0) {
        // not for us
      }
    } catch (IOException _) {
      // that is an end, too
    } finally {
      drop(connection);
    }
  }

  private synchronized void drop(Connection connection) {
    if (current == connection) {
      current = null;
    }
    try {
      connection.close();
    } catch (IOException _) {
      // it is of no use any more
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    var open = current;
    if (open != null) {
      open.close();
    }
  }

  /// One connection, while it lasts.
  private static final class Connection {
    private final Socket wire;
    private final Socket socket;

    /// @param wire what TLS runs over, or the same
    Connection(Socket wire, Socket socket) {
      this.wire = wire;
      this.socket = socket;
    }

    Socket socket() {
      return socket;
    }

    /// The wire first: TLS would wait for whoever hangs in writing.
    void close() throws IOException {
      wire.close();
    }
  }
}
