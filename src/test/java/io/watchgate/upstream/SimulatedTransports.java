package io.watchgate.upstream;

import io.watchgate.flow.Deadline;
import io.watchgate.flow.Time;
import io.watchgate.mcp.Era;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Transports to simulated servers.
public final class SimulatedTransports implements Transports {
  private final SimulatedLine.Wire wire;
  private final Time time;

  private SimulatedTransports(SimulatedLine.Wire wire, Time time) {
    this.wire = wire;
    this.time = time;
  }

  /// A wiring to these servers, by name.
  public static Wiring to(Map<String, ? extends SimulatedLine.Wire> servers, Time time) {
    return (settings, _) ->
        new SimulatedTransports(Objects.requireNonNull(servers.get(settings.name())), time);
  }

  @Override
  public Transport next(Era era) {
    return new Simulated(wire, era, time);
  }

  @Override
  public void close() {}

  private static final class Simulated implements Transport, SimulatedLine.Ears {
    private final SimulatedLine.Wire wire;
    private final Era era;
    private final Time time;
    private @Nullable Receiver receiver;
    private volatile @Nullable SimulatedLine line;
    private volatile boolean closed;

    Simulated(SimulatedLine.Wire wire, Era era, Time time) {
      this.wire = wire;
      this.era = era;
      this.time = time;
    }

    @Override
    public void open(Receiver messages, Deadline deadline)
        throws IOException, InterruptedException {
      receiver = messages;
      var opened = wire.connect(this, era);
      line = opened;
      if (closed) {
        opened.close();
      }
    }

    @Override
    public void send(byte[] message, @Nullable Pending pending)
        throws IOException, SessionGone, InterruptedException {
      var to = line;
      if (closed || to == null) {
        throw new SessionGone("closed by the gateway");
      }
      if (to.isForgotten()) {
        receiver().expired(to.cause());
        throw new SessionGone(to.cause());
      }
      if (!wire.hasExchanges()) {
        to.say(message);
      } else if (pending != null) {
        exchange(to, message, pending);
      } else if (era == Era.HANDSHAKE) { // without sessions what wants no answer is not sent
        to.say(message);
      }
    }

    private void exchange(SimulatedLine to, byte[] message, Pending pending)
        throws IOException, InterruptedException {
      var done = new CompletableFuture<String>();
      boolean heardOut = false;
      try {
        to.ask(
            message,
            answer -> {
              receiver().received(answer, pending);
              if (pending.isSettled()) {
                done.complete("");
              }
            },
            done::complete);
        pending.onSettled(() -> done.complete(""));
        var broken = await(done, pending);
        heardOut = pending.isSettled() && !pending.isFailed();
        if (!pending.isSettled()) {
          throw new IOException(broken);
        }
      } finally {
        if (!heardOut) {
          to.hangUp(message);
        }
      }
    }

    private String await(CompletableFuture<String> done, Pending pending)
        throws IOException, InterruptedException {
      while (true) {
        long left = pending.remainingNanos();
        if (left <= 0) {
          throw new HttpExchange.TimeOver();
        }
        try {
          return time.get(done, left);
        } catch (TimeoutException _) {
          // progress may have given it more time
        } catch (ExecutionException impossible) {
          throw new IllegalStateException(impossible);
        }
      }
    }

    private Receiver receiver() {
      return Objects.requireNonNull(receiver, "not open");
    }

    @Override
    public void hear(byte[] message) {
      receiver().received(message, null);
    }

    @Override
    public void garbage(String what) {
      receiver().garbage(what);
    }

    @Override
    public void closed(String cause) {
      receiver().closed(cause);
    }

    @Override
    public void agreed(String protocolVersion) {}

    @Override
    public void listen() {}

    @Override
    public void close() {
      closed = true;
      var last = line;
      if (last != null) {
        last.close();
      }
    }
  }
}
