package io.watchgate.downstream;

import java.util.Optional;
import java.util.regex.Pattern;

/// Names an event of a session: the stream that it came on, and its place on that.
///
/// @param session the beginning of the session's key, so that the id of one session is none in
///   another
/// @param ofCall whether the stream answers a call
/// @param stream number of the stream
/// @param position 0 for what opens the stream, then counted up
record EventId(String session, boolean ofCall, long stream, long position) {
  private static final int SESSION_LENGTH = 8;
  private static final Pattern FORM =
      Pattern.compile("([\\w-]{8})\\.([cs])(\\d{1,18})\\.(\\d{1,18})");

  /// What stands for a session in the ids of its events.
  static String session(String key) {
    return key.substring(0, SESSION_LENGTH);
  }

  static Optional<EventId> parse(String text) {
    var form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(
            new EventId(
                form.group(1),
                form.group(2).equals("c"),
                Long.parseLong(form.group(3)),
                Long.parseLong(form.group(4))))
        : Optional.empty();
  }

  EventId at(long other) {
    return new EventId(session, ofCall, stream, other);
  }

  /// As it stands on the wire.
  @Override
  public String toString() {
    return session + (ofCall ? ".c" : ".s") + stream + "." + position;
  }
}
