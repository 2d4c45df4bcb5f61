package io.watchgate.upstream;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Limits;
import io.watchgate.jsonrpc.MalformedMessage;
import io.watchgate.upstream.RawServer.Peer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// A stateless server over HTTP whose listenings are in the hands of the test.
final class ListenServer implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;

  private final BlockingQueue<Listen> listens = new LinkedBlockingQueue<>();
  private final AtomicBoolean refusing = new AtomicBoolean();
  private final RawServer server;

  ListenServer(String capabilities) throws IOException {
    server =
        StatelessServer.start(
            capabilities,
            (peer, request) -> {
              if (StatelessServer.isOf(request, "subscriptions/listen")) {
                var listen = new Listen(peer, request);
                listens.add(listen);
                listen.serve();
              } else if (refusing.getAndSet(false)) {
                peer.write(RawServer.response(404, "text/plain", "not here"));
              } else {
                peer.write(StatelessServer.json(request, StatelessServer.text("done")));
              }
            });
  }

  URI uri() {
    return server.uri("/mcp");
  }

  RawServer raw() {
    return server;
  }

  /// The next `subscriptions/listen` that came.
  Listen next() throws InterruptedException {
    var next = listens.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nobody listens");
    }
    return next;
  }

  /// The next call is answered as by a server that has nothing there.
  void refuseNext() {
    refusing.set(true);
  }

  boolean isNobodyNew() {
    return listens.isEmpty();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  /// One listening, from the server's side.
  static final class Listen {
    private final Peer peer;
    private final String request;
    private final CountDownLatch gone = new CountDownLatch(1);

    private Listen(Peer peer, String request) {
      this.peer = peer;
      this.request = request;
    }

    private void serve() {
      try {
        peer.awaitEnd();
      } catch (IOException _) {
        // cut
      } finally {
        gone.countDown();
      }
    }

    private Json params() throws MalformedMessage {
      var body = request.split("\r\n\r\n", 2)[1].getBytes(StandardCharsets.UTF_8);
      return Json.parse(body, Limits.DEFAULT).member("params").orElseThrow();
    }

    /// What the client wants to hear.
    String filter() throws MalformedMessage {
      return params().member("notifications").orElseThrow().toString();
    }

    void acknowledge() throws IOException, MalformedMessage {
      peer.write(StatelessServer.EVENTS);
      tell("subscriptions/acknowledged", "\"notifications\":" + filter() + ",");
    }

    /// Tells something in the way that the specification wants it.
    ///
    /// @param members of the parameters, each with a comma behind it
    void tell(String what, String members) throws IOException {
      say(
          what,
          "{%s\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":%s}}"
              .formatted(members, StatelessServer.id(request)));
    }

    void updated(String uri) throws IOException {
      tell("resources/updated", "\"uri\":\"%s\",".formatted(uri));
    }

    /// Tells something with parameters as they are.
    void say(String what, String params) throws IOException {
      peer.write(
          StatelessServer.event(
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/%s\",\"params\":%s}"
                  .formatted(what, params)));
    }

    void raw(String text) throws IOException {
      peer.write(text);
    }

    void refuse(String error) throws IOException {
      peer.write(StatelessServer.refusal(200, request, error));
      peer.close();
    }

    /// The stream ends as the specification wants it.
    void end() throws IOException {
      peer.write(StatelessServer.event(StatelessServer.success(request, "{}")));
      peer.close();
    }

    /// The connection breaks.
    void cut() throws IOException {
      peer.reset();
    }

    /// Whether the client has hung up; waits for that.
    boolean isHungUp() throws InterruptedException {
      return gone.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /// Whether the client has not hung up yet.
    boolean isHeld() {
      return gone.getCount() > 0;
    }
  }
}
