package io.watchgate.upstream;

import io.watchgate.flow.Deadline;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A transport whose bytes are counted, without what frames the messages.
record CountedTransport(Transport inner, Traffic traffic) implements Transport {

  @Override
  public void open(Receiver receiver, Deadline deadline) throws IOException, InterruptedException {
    inner.open(new Counting(receiver), deadline);
  }

  @Override
  public void send(byte[] message, @Nullable Pending pending)
      throws IOException, SessionGone, InterruptedException {
    traffic.sent(message.length);
    inner.send(message, pending);
  }

  @Override
  public void agreed(String protocolVersion) {
    inner.agreed(protocolVersion);
  }

  @Override
  public boolean hasSession() {
    return inner.hasSession();
  }

  @Override
  public void listen() {
    inner.listen();
  }

  @Override
  public void close() {
    inner.close();
  }

  private final class Counting implements Receiver {
    private final Receiver receiver;

    Counting(Receiver receiver) {
      this.receiver = receiver;
    }

    @Override
    public void received(byte[] message, @Nullable Pending related) {
      traffic.received(message.length);
      receiver.received(message, related);
    }

    @Override
    public void garbage(String what) {
      receiver.garbage(what);
    }

    @Override
    public void tooLarge(byte[] head) {
      traffic.received(head.length);
      receiver.tooLarge(head);
    }

    @Override
    public void closed(String cause) {
      receiver.closed(cause);
    }

    @Override
    public void expired(String cause) {
      receiver.expired(cause);
    }
  }
}
