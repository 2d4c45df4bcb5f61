package io.watchgate.bench;

/// Where the generator sends its requests, and how they have to look there.
///
/// @param headers further header lines, each with its end
record Endpoint(int port, String path, String headers, Era era) {
  /// A request that begins a session.
  Request initialize() {
    return post("", Messages.INITIALIZE);
  }

  Request initialized(String session) {
    return post(session, Messages.INITIALIZED);
  }

  Request delete(String session) {
    return Request.of("DELETE " + path + " HTTP/1.1\r\n" + common() + session + "\r\n");
  }

  /// A request that opens the stream of a session.
  Request listen(String session) {
    return Request.of(
        "GET %s HTTP/1.1\r\n%sAccept: text/event-stream\r\n%s\r\n"
            .formatted(path, common(), session));
  }

  /// @param session the header lines that say which session it is
  Request of(Operation operation, String session) {
    return era == Era.HANDSHAKE
        ? post(session, Messages.request(operation.method(), operation.params("")))
        : post(
            operation.headers(),
            Messages.request(operation.method(), operation.params(Messages.META)));
  }

  private Request post(String more, String body) {
    return Request.of(
        "POST %s HTTP/1.1\r\n%sContent-Type: application/json\r\n%s%s%sContent-Length: %d\r\n\r\n%s"
            .formatted(
                path,
                common(),
                "Accept: application/json, text/event-stream\r\n",
                headers,
                more,
                body.length(),
                body));
  }

  private String common() {
    return "Host: 127.0.0.1:" + port + "\r\n";
  }
}
