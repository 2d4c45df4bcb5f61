package io.watchgate.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.flow.Call;
import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Reply;
import io.watchgate.flow.Server;
import io.watchgate.flow.ServerStatus;
import io.watchgate.flow.ServerStatus.State;
import io.watchgate.flow.Session;
import io.watchgate.flow.Time;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ListKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CachedListTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final SlowServer server = new SlowServer();
  private final CachedList list =
      new CachedList(
          ListKind.TOOLS,
          new ListSource(server, server, Time.REAL),
          GatewayClient.INSTANCE,
          new SameListings());

  @Test
  void changeDuringAReadIsSeenByWhoeverAsksAfterIt() throws InterruptedException {
    var before = reader();
    var old = server.asked();
    list.invalidate();
    var after = reader();

    server.asked().complete("new");
    assertThat(after.join().has("new")).isTrue();
    old.complete("old");
    assertThat(before.join().has("old")).isTrue();

    assertThat(list.isFresh()).isTrue();
    assertThat(list.known().listing().has("new")).as("the later read counts").isTrue();
  }

  @Test
  void readersAtTheSameTimeShareOneRead() throws InterruptedException {
    var readers = List.of(reader(), reader(), reader());
    server.asked().complete("tool");

    assertThat(readers).allMatch(reader -> reader.join().has("tool"));
    assertThat(server.asked.poll()).isNull();
  }

  @Test
  void listThatChangedDuringItsReadIsReadAgain() throws InterruptedException {
    var before = reader();
    var old = server.asked();
    list.invalidate();
    old.complete("old");
    before.join();

    assertThat(list.isFresh()).isFalse();
    var after = reader();
    server.asked().complete("new");
    assertThat(after.join().has("new")).isTrue();
  }

  private CompletableFuture<Listing> reader() {
    var result = new CompletableFuture<Listing>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            result.complete(list.refresh(PATIENCE).listing());
          } catch (InterruptedException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  /// Answers with the one tool that the test names, when it does.
  private static final class SlowServer implements Server {
    private final BlockingQueue<CompletableFuture<String>> asked = new LinkedBlockingQueue<>();

    /// The next question that nobody answered yet.
    CompletableFuture<String> asked() throws InterruptedException {
      return Optional.ofNullable(asked.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).orElseThrow();
    }

    @Override
    public Reply handle(Call call) {
      var answer = new CompletableFuture<String>();
      asked.add(answer);
      var tool = Json.object("name", answer.join());
      var result = Json.object("tools", Json.array(List.of(tool)));
      return new Reply.Answered(Response.success(call.request().id(), result));
    }

    @Override
    public String name() {
      return "slow";
    }

    @Override
    public ServerStatus status() {
      return new ServerStatus(State.READY, Optional.empty(), Optional.empty());
    }

    @Override
    public boolean isShared() {
      return false;
    }

    @Override
    public void prepare(Session session) {}

    @Override
    public boolean awaitFirstContact(Duration patience) {
      return true;
    }
  }
}
