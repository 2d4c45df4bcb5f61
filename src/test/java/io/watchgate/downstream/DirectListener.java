package io.watchgate.downstream;

import io.watchgate.downstream.StatelessCalls.Entrance;
import io.watchgate.flow.Handler;
import io.watchgate.jsonrpc.MalformedMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// A listener without a network: clients hand their messages in, and get theirs handed out. All
/// behind the bytes is as it is for others.
public final class DirectListener {
  private static final Duration LAST_ANSWERS = Duration.ofMillis(500);

  private final Handler handler;
  private final Terms terms;
  private final StatelessSessions stateless;
  private final OpenWork work;
  private final List<Conversation> conversations = new CopyOnWriteArrayList<>();

  public DirectListener(Handler handler, Terms terms) {
    this.handler = handler;
    this.terms = terms;
    this.stateless = new StatelessSessions(terms.time());
    this.work = new OpenWork(terms.time());
  }

  /// A client comes.
  ///
  /// @param out takes what goes to the client, without waiting; false when the client is gone
  public Conversation connect(String key, String principal, Predicate<byte[]> out) {
    var conversation = new Conversation(key, principal, out);
    conversations.add(conversation);
    return conversation;
  }

  /// Ends the stateless sessions that nobody used for a while.
  public void sweep() {
    stateless.sweep();
  }

  /// Takes no more requests, lets what is in flight finish within the time, answers the rest with
  /// an error, and ends all sessions.
  public void drain(Duration patience) throws InterruptedException {
    conversations.forEach(each -> each.session.stop());
    stateless.endListens();
    if (!work.finishes(patience)) {
      conversations.forEach(each -> each.session.abort());
      if (!work.finishes(LAST_ANSWERS)) {
        throw new IllegalStateException("what was given up is not answered");
      }
    }
    conversations.forEach(Conversation::close);
    stateless.closeAll();
  }

  /// One client's conversation of either era.
  public final class Conversation {
    private final ClientSession session;
    private final Inbox inbox;
    private final Outlet out;

    private Conversation(String key, String principal, Predicate<byte[]> out) {
      this.out = out::test;
      this.session = new ClientSession(key, principal, handler, this.out, terms);
      var entrance = new Entrance(principal, "direct", handler, Optional.empty());
      var lines =
          new StatelessLines(new StatelessCalls(stateless, terms), session.calls(), entrance);
      this.inbox = new Inbox(session, lines, terms);
    }

    /// Takes a message, and answers it on a thread of its own.
    ///
    /// @param answer takes the answer, which may be none
    public void take(byte[] message, Consumer<byte[]> answer) {
      try {
        var todo = inbox.take(message);
        work.begin();
        Thread.ofVirtual().name("call of " + session.key()).start(() -> serve(todo, answer));
      } catch (MalformedMessage malformed) {
        answer.accept(malformed.answer().toBytes());
      }
    }

    private void serve(Inbox.Work todo, Consumer<byte[]> answer) {
      try {
        todo.answer(out).map(Inbox.Answer::bytes).ifPresent(answer);
      } finally {
        work.end();
      }
    }

    /// The client goes away.
    public void close() {
      session.close();
    }
  }
}
