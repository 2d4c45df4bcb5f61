package io.watchgate.upstream;

import io.watchgate.mcp.Era;
import java.io.IOException;
import java.util.function.Consumer;

/// One connection to a simulated server, as the server sees it.
public interface SimulatedLine {

  /// A server that simulated lines lead to.
  interface Wire {
    /// Whether each request has an exchange of its own on which it is answered, as with HTTP.
    boolean hasExchanges();

    /// Connects.
    ///
    /// @param ears takes what the server says on its own, or, on a pipe, all that it says
    /// @param era how the server is spoken to on this line
    /// @throws IOException when the server is not there
    SimulatedLine connect(Ears ears, Era era) throws IOException, InterruptedException;
  }

  /// Where a server is heard.
  interface Ears {
    void hear(byte[] message);

    void garbage(String what);

    void closed(String cause);
  }

  /// Why the server takes no more on this line, empty while it does.
  String cause();

  /// Whether the server forgot the session, and takes requests of a new one.
  boolean isForgotten();

  /// The gateway says something.
  void say(byte[] message) throws IOException, InterruptedException;

  /// The gateway asks something on an exchange.
  ///
  /// @param answers takes what comes on the exchange
  /// @param broken hears that the exchange broke off
  void ask(byte[] message, Consumer<byte[]> answers, Consumer<String> broken)
      throws IOException, InterruptedException;

  /// The gateway waits no more for what comes on an exchange.
  void hangUp(byte[] message);

  /// The gateway ends the connection.
  void close();
}
