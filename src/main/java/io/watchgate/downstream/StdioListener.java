package io.watchgate.downstream;

import io.watchgate.downstream.StatelessCalls.Entrance;
import io.watchgate.flow.Handler;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.LineReader;
import io.watchgate.jsonrpc.LineWriter;
import io.watchgate.jsonrpc.MalformedMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one client that started the gateway and speaks to it in lines on its standard streams, in
/// one conversation, in requests that stand for themselves, or both. Every request is answered on a
/// thread of its own, in whatever order the answers come.
public final class StdioListener {
  private static final Logger log = LoggerFactory.getLogger(StdioListener.class);
  private static final Duration LAST_ANSWERS = Duration.ofMillis(500);

  /// Lines whose work is not done: a client that sends more without reading has to wait.
  private static final int MAX_OPEN = 10_000;

  /// Whoever started the gateway.
  private static final String PRINCIPAL = "local";

  private static final String ENDPOINT = "stdio";

  private static final long WRITE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long FLUSH_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final LineReader reader;
  private final LineWriter writer;
  private final ClientSession session;
  private final StatelessSessions stateless = new StatelessSessions(Time.REAL);
  private final Inbox inbox;
  private final Terms terms;
  private final int maxBytes;
  private final OpenWork work = new OpenWork(Time.REAL);
  private final Semaphore room = new Semaphore(MAX_OPEN);

  public StdioListener(InputStream in, OutputStream out, Handler handler, Terms terms) {
    this.reader = new LineReader(in, terms.limits().maxBytes());
    this.terms = terms;
    this.maxBytes = terms.limits().maxBytes();
    this.writer = new LineWriter("stdout", out);
    this.session =
        new ClientSession(UUID.randomUUID().toString(), PRINCIPAL, handler, writer::offer, terms);
    var lines =
        new StatelessLines(
            new StatelessCalls(stateless, terms),
            session.calls(),
            new Entrance(PRINCIPAL, ENDPOINT, handler, Optional.empty()));
    this.inbox = new Inbox(session, lines, terms);
  }

  /// Serves the client until it closes its end. Runs on the calling thread, which should be no
  /// virtual one.
  public void serve() {
    try {
      while (serveLine()) {}
      log.info("the client closed its end");
    } catch (IOException broken) {
      log.info("cannot read from the client: {}", broken.getMessage());
    }
  }

  private boolean serveLine() throws IOException {
    try {
      var line = reader.next();
      if (line == null) {
        return false;
      }
      if (line.length > 0) {
        serve(inbox.take(line));
      }
    } catch (LineReader.TooLong _) {
      malformed(MalformedMessage.tooLarge(maxBytes));
    } catch (MalformedMessage malformed) {
      malformed(malformed);
    }
    return true;
  }

  private void malformed(MalformedMessage malformed) {
    Malformed.count(malformed, terms, Optional.of(session));
    write(malformed.answer().toBytes());
  }

  private void serve(Inbox.Work todo) {
    room.acquireUninterruptibly();
    work.begin();
    Thread.ofVirtual()
        .start(() -> {
          try {
            todo.answer(writer::offer).map(Inbox.Answer::bytes).ifPresent(this::write);
          } finally {
            work.end();
            room.release();
          }
        });
  }

  private void write(byte[] message) {
    try {
      writer.write(message, WRITE_NANOS);
    } catch (IOException e) {
      log.warn("cannot answer the client: {}", e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends all listens, lets what is in flight finish, within the time, and cancels the rest.
  public void drain(Duration time) throws InterruptedException {
    session.stop();
    stateless.endListens();
    if (!work.finishes(time)) {
      log.warn("requests did not finish in time: they are given up");
      session.abort();
      boolean _ = work.finishes(LAST_ANSWERS);
    }
    session.close();
    stateless.closeAll();
    writer.close(FLUSH_NANOS);
  }
}
