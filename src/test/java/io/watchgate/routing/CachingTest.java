package io.watchgate.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.watchgate.flow.GatewayClient;
import io.watchgate.jsonrpc.Field;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ListKind;
import io.watchgate.mcp.ProtocolVersion;
import io.watchgate.testkit.RecordingSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// For how long lists hold, and what clients of both eras are told of it.
@Timeout(60)
class CachingTest {
  private static final long HOUR_MS = 3_600_000;

  private final FakeServer one = new FakeServer("one").stateless().tools("read");
  private final FakeServer two = new FakeServer("two").stateless().tools("write");
  private final RouterContext context = new RouterContext(one, two);
  private final RecordingSession client =
      new RecordingSession("stateless").speaking(ProtocolVersion.NEWEST_STATELESS);

  private Json list() throws InterruptedException {
    return context.send(client, "tools/list", "{}").result().orElseThrow();
  }

  private long ttl() throws InterruptedException {
    return Long.parseLong(list().member("ttlMs").orElseThrow().toString());
  }

  private String scope() throws InterruptedException {
    return list().textMember("cacheScope").orElseThrow();
  }

  @Test
  void statelessClientHearsTheSmallestTimeAndTheStrictestScope() throws Exception {
    one.hints("ttlMs", HOUR_MS, "cacheScope", "public");
    two.hints("ttlMs", 2 * HOUR_MS, "cacheScope", "public");

    assertThat(list().textMember("resultType")).contains("complete");
    assertThat(ttl()).isBetween(HOUR_MS - 60_000, HOUR_MS);
    assertThat(scope()).isEqualTo("public");
    assertThat(one.listRequests()).isEqualTo(1);

    two.hints("ttlMs", HOUR_MS, "cacheScope", "private");
    context.switchboard().listChanged(two, changed(), client);
    assertThat(scope()).isEqualTo("private");
  }

  private static Notification changed() {
    return Notification.of(ListKind.TOOLS.changed());
  }

  @Test
  void handshakeClientGetsNoHints() throws Exception {
    one.hints("ttlMs", HOUR_MS, "cacheScope", "public");

    assertThat(new RouterContext(one).result("tools/list", "{}"))
        .isEqualTo("{\"tools\":[{\"x\":1,\"name\":\"read\",\"from\":\"one\"}]}");
  }

  @Test
  void timeThatIsLeftShrinks() throws Exception {
    one.hints("ttlMs", HOUR_MS);
    two.hints("ttlMs", HOUR_MS);
    long first = ttl();

    await().until(() -> ttl() < first);
    assertThat(one.listRequests()).isEqualTo(1);
  }

  @Test
  void serverWithoutHintsOrWithAProblemAllowsNoKeeping() throws Exception {
    one.hints("ttlMs", HOUR_MS, "cacheScope", "public");
    two.hints("ttlMs", -5, "cacheScope", "nobody");
    assertThat(ttl()).isZero();
    assertThat(scope()).isEqualTo("private");

    two.hints("ttlMs", HOUR_MS, "cacheScope", "public");
    assertThat(ttl()).isPositive();
    two.down();
    assertThat(ttl()).isZero();
    assertThat(scope()).isEqualTo("private");
    assertThat(list().member("_meta").orElseThrow().toString()).contains("\"two\"");
  }

  @Test
  void hintsOfAllPagesCount() throws Exception {
    var pages = new FakeServer("pages").stateless();
    pages.answers(
        "tools/list",
        call -> {
          boolean first = call.request().field(Field.CURSOR).isEmpty();
          return Response.success(
              call.request().id(),
              Json.trusted(
                  first
                      ? "{\"tools\":[],\"nextCursor\":\"2\","
                          + "\"ttlMs\":1000,\"cacheScope\":\"public\"}"
                      : "{\"tools\":[],\"ttlMs\":1e400,\"cacheScope\":\"private\"}"));
        });

    var result =
        new RouterContext(pages).send(client, "tools/list", "{}").result().orElseThrow().toString();
    assertThat(result)
        .contains("\"cacheScope\":\"private\"")
        .containsPattern("\"ttlMs\":\\d{1,4},");
  }

  @Test
  void listIsAskedForAgainWhenItsTimeIsOver() throws Exception {
    one.hints("ttlMs", 1);
    two.hints("ttlMs", HOUR_MS);
    context.send(client, "tools/list", "{}");
    one.tools("newer");

    await().until(() -> context.names(client, "tools/list").contains("one__newer"));
    assertThat(two.listRequests()).isEqualTo(1);
  }

  @Test
  void callDoesNotWaitForAListWhoseTimeIsOver() throws Exception {
    one.hints("ttlMs", 0);
    two.hints("ttlMs", 0);
    context.send(client, "tools/list", "{}");
    for (int i = 0; i < 5; i++) {
      assertThat(context.send(client, "tools/call", "{\"name\":\"one__read\"}").result())
          .isPresent();
    }
    assertThat(one.listRequests()).isEqualTo(1);

    // One that is new is found nevertheless, and one that changed is asked for.
    one.tools("read", "newer");
    await()
        .until(() ->
            context.send(client, "tools/call", "{\"name\":\"one__newer\"}").result().isPresent());
    assertThat(one.listRequests()).isEqualTo(2);
    context.switchboard().listChanged(one, changed(), client);
    context.send(client, "tools/call", "{\"name\":\"one__read\"}");
    assertThat(one.listRequests()).isEqualTo(3);
    assertThat(two.listRequests()).isEqualTo(1);
  }

  @Test
  void callsBeforeAnyListReadTheirOwnersListOnce() throws Exception {
    one.hints("ttlMs", 0);
    for (int i = 0; i < 3; i++) {
      context.send(client, "tools/call", "{\"name\":\"one__read\"}");
    }

    assertThat(one.listRequests()).isEqualTo(1);
    assertThat(two.listRequests()).isZero();
  }

  @Test
  void readingAResourceReadsNoListAgain() throws Exception {
    one.hints("ttlMs", 0).list(ListKind.RESOURCES, "x://one");
    two.hints("ttlMs", 0).list(ListKind.RESOURCES, "x://two");
    for (int i = 0; i < 3; i++) {
      var read = context.send(client, "resources/read", "{\"uri\":\"x://two\"}");
      assertThat(read.result().orElseThrow().toString()).contains("\"server\":\"two\"");
    }

    assertThat(one.listRequests()).isEqualTo(1);
  }

  @Test
  void silentStatelessServerIsAskedEachTime() throws Exception {
    one.hints("ttlMs", 0);
    two.capable("{\"tools\":{\"listChanged\":true}}");
    for (int i = 1; i <= 3; i++) {
      list();
      assertThat(one.listRequests()).isEqualTo(i);
    }
    assertThat(two.listRequests()).as("it would say so").isEqualTo(1);
  }

  @Test
  void changeThatIsSaidToAllConcernsTheListsOfAll() throws Exception {
    one.hints("ttlMs", HOUR_MS);
    var other = new RecordingSession("other").speaking(ProtocolVersion.NEWEST_STATELESS);
    context.send(client, "server/discover", "{}");
    context.send(other, "server/discover", "{}");
    context.send(client, "tools/list", "{}");
    context.send(other, "tools/list", "{}");
    one.tools("newer");

    context.switchboard().listChanged(one, changed(), GatewayClient.INSTANCE);

    assertThat(client.heard()).contains("tools/list_changed");
    assertThat(other.heard()).contains("tools/list_changed");
    assertThat(context.names(client, "tools/list")).contains("one__newer");
    assertThat(context.names(other, "tools/list")).contains("one__newer");
  }

  @Test
  void statelessServerThatIsBackMakesWhatWasSeenOldForAll() throws Exception {
    one.hints("ttlMs", HOUR_MS);
    context.send(client, "server/discover", "{}");
    context.switchboard().reached(one, GatewayClient.INSTANCE);
    assertThat(client.heardAll()).as("nobody saw anything of it").isTrue();
    context.send(client, "tools/list", "{}");
    one.tools("newer");

    context.switchboard().reached(one, GatewayClient.INSTANCE);

    assertThat(client.heard()).contains("tools/list_changed");
    assertThat(client.heardAll()).isTrue();
    assertThat(context.names(client, "tools/list")).contains("one__newer");
  }
}
