package io.watchgate.bench;

import java.io.IOException;

/// What clients say on their connections.
interface Talk {
  /// Makes a connection ready for its first request.
  void begin(Connection connection) throws IOException;

  /// Checks an answer, and makes ready for the next request.
  ///
  /// @return whether that was the last answer of one unit of work, which is then counted
  boolean answered(Connection connection) throws IOException;

  /// The same request again and again.
  record Repeated(Operation operation, Answer answer) implements Talk {
    /// Learns what answers look like by two of them.
    static Repeated learn(Connection connection, Operation operation) throws IOException {
      var request = connection.endpoint().of(operation, connection.session());
      connection.exchange(request);
      var message = Answer.message(connection.response);
      var learned = Answer.learn(message, connection.id, operation);
      connection.response.clear();
      connection.exchange(request);
      learned.check(connection.response, connection.id);
      connection.response.clear();
      return new Repeated(operation, learned);
    }

    @Override
    public void begin(Connection connection) {
      connection.use(connection.endpoint().of(operation, connection.session()));
    }

    @Override
    public boolean answered(Connection connection) throws IOException {
      answer.check(connection.response, connection.id);
      return true;
    }
  }

  /// Sessions that are begun and ended: three requests each.
  record Sessions() implements Talk {
    @Override
    public void begin(Connection connection) {
      connection.useOnce(connection.endpoint().initialize(), 0);
    }

    @Override
    public boolean answered(Connection connection) throws IOException {
      var endpoint = connection.endpoint();
      switch (connection.step()) {
        case 0 -> {
          connection.inSession(Connection.sessionHeaders(connection.response));
          connection.useOnce(endpoint.initialized(connection.session()), 1);
        }
        case 1 -> connection.useOnce(endpoint.delete(connection.session()), 2);
        default -> connection.useOnce(endpoint.initialize(), 0);
      }
      if (connection.response.status() / 100 != 2) {
        throw new BenchFailure("a session went wrong: " + connection.response.start());
      }
      return connection.step() == 0;
    }
  }
}
