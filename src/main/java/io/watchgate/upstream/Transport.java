package io.watchgate.upstream;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.Rejection.Reach;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The way to one server, for one session: carries messages, knows nothing of what they mean.
interface Transport extends AutoCloseable {

  /// Connects; from now on what the server sends goes to the receiver.
  void open(Receiver receiver, Deadline deadline) throws IOException, InterruptedException;

  /// Sends one message. Where the transport answers a request on the exchange that carried it, the
  /// answer and what precedes it are handed to the receiver before this returns.
  ///
  /// @param pending the call that waits for an answer, null when nothing is awaited
  /// @throws SessionGone when the server does not know the session any more or the transport is
  ///   closed: the message was not processed
  void send(byte[] message, @Nullable Pending pending)
      throws IOException, SessionGone, InterruptedException;

  /// The server agreed to this revision of the protocol; what is sent from now on is in it.
  void agreed(String protocolVersion);

  /// Whether the server said in the handshake that it keeps a session, or keeps one anyway.
  default boolean hasSession() {
    return true;
  }

  /// The handshake is over: from now on the server may speak up by itself.
  void listen();

  /// Ends the connection, politely where there is time; never throws.
  @Override
  void close();

  /// Where a transport hands over what comes from the server.
  interface Receiver {

    /// A message came, on the exchange of a call or on its own.
    void received(byte[] message, @Nullable Pending related);

    /// Something came that is no message: counted, kept out of everything else.
    void garbage(String what);

    /// A message over the size limit was skipped.
    ///
    /// @param head its first bytes
    void tooLarge(byte[] head);

    /// The connection is over, and this is why: what is under way on it gets no answer.
    void closed(String cause);

    /// The server does not know the session any more. What is under way on exchanges of its own may
    /// still be answered.
    void expired(String cause);
  }

  /// Nothing of the message was sent.
  final class NotSent extends IOException {
    private final Reach reach;

    NotSent(String why, @Nullable Throwable cause) {
      this(why, cause, Reach.NOT_SENT);
    }

    private NotSent(String why, @Nullable Throwable cause, Reach reach) {
      super(why, cause);
      this.reach = reach;
    }

    /// The same, because the time for it was over.
    static NotSent tooLate(String why, @Nullable Throwable cause) {
      return new NotSent(why, cause, Reach.TOO_LATE);
    }
  }

  /// What the server answers cannot be used.
  final class Unusable extends IOException {
    Unusable(String why) {
      super(why);
    }
  }

  /// How far a message came whose sending failed.
  static Reach reach(@Nullable Throwable failure) {
    return switch (failure) {
      case NotSent notSent -> notSent.reach;
      case Unusable _ -> Reach.ANSWERED;
      case HttpRefusal.Status status -> status.isOfTheServer() ? Reach.SENT : Reach.ANSWERED;
      case HttpExchange.Broken broken when broken.getCause() instanceof NotSent ->
          reach(broken.getCause());
      case null, default -> Reach.SENT;
    };
  }

  /// Nothing was processed: another session may try.
  final class SessionGone extends Exception {
    SessionGone(String why) {
      super(why, null, false, false);
    }
  }
}
