package io.watchgate.downstream;

/// One stream of a session as its client sees it, in however many responses it comes: its events
/// are numbered, and what was missed on one response is sent on the next. Its state belongs to
/// {@link SessionStreams}.
final class SessionStream {
  private final EventId start;
  private final Runnable abandon;
  private EventStream response;
  private boolean connected = true;
  private boolean ended;
  private long position;
  private int responses = 1;

  /// @param abandon ends the call that the stream answers
  SessionStream(EventId start, EventStream response, Runnable abandon) {
    this.start = start;
    this.response = response;
    this.abandon = abandon;
  }

  long number() {
    return start.stream();
  }

  boolean isOfCall() {
    return start.ofCall();
  }

  /// The id of the newest event.
  EventId newest() {
    return start.at(position);
  }

  /// The id of the event that comes next.
  EventId next() {
    return start.at(position + 1);
  }

  void advance() {
    position++;
  }

  EventStream response() {
    return response;
  }

  /// How many responses it has had.
  int responses() {
    return responses;
  }

  boolean isConnected() {
    return connected;
  }

  void connect(EventStream other) {
    response = other;
    connected = true;
    responses++;
  }

  void disconnect() {
    connected = false;
  }

  boolean isEnded() {
    return ended;
  }

  void end() {
    ended = true;
  }

  void abandon() {
    abandon.run();
  }
}
