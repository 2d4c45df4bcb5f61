package io.watchgate.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.flow.GatewayClient;
import io.watchgate.flow.Refusals.Kind;
import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ListKind;
import io.watchgate.testkit.RecordingSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Lists that are too long for one page.
@Timeout(60)
class PagesTest {
  private final FakeServer one = new FakeServer("one").tools(many("a", 1_500));
  private final FakeServer two = new FakeServer("two").tools(many("b", 700));
  private final RouterContext context = new RouterContext(one, two);

  private static String[] many(String start, int count) {
    return IntStream.range(0, count).mapToObj(i -> start + i).toArray(String[]::new);
  }

  private static Json with(String cursor) {
    return Json.object("cursor", cursor);
  }

  private Optional<String> cursor(String method, Json params) throws InterruptedException {
    var result = context.send(method, params.toString()).result().orElseThrow();
    return result.textMember("nextCursor");
  }

  @Test
  void longListIsReadPageByPage() throws Exception {
    var names = new ArrayList<String>();
    var sizes = new ArrayList<Integer>();
    var params = Optional.of(Json.EMPTY_OBJECT);
    while (params.isPresent()) {
      var result = context.send("tools/list", params.get().toString()).result().orElseThrow();
      var tools = result.member("tools").orElseThrow().elements();
      tools.forEach(tool -> names.add(tool.textMember("name").orElseThrow()));
      sizes.add(tools.size());
      params = result.textMember("nextCursor").map(PagesTest::with);
    }

    assertThat(sizes).containsExactly(1_000, 1_000, 200);
    assertThat(names).hasSize(2_200).doesNotHaveDuplicates();
    assertThat(names.getFirst()).isEqualTo("one__a0");
    assertThat(names.getLast()).isEqualTo("two__b699");
    assertThat(one.listRequests()).isEqualTo(1);
  }

  @Test
  void largeEntriesMakeSmallPages() throws Exception {
    var words = "w".repeat(3 << 20);
    var entry = "{\"name\":\"%s\",\"description\":\"" + words + "\"}";
    var large =
        new RouterContext(
            new FakeServer("large")
                .entries(
                    ListKind.TOOLS,
                    entry.formatted("a"),
                    entry.formatted("b"),
                    "{\"name\":\"c\"}"));

    assertThat(large.names("tools/list")).containsExactly("a");
    var cursor =
        large
            .send("tools/list", "{}")
            .result()
            .orElseThrow()
            .textMember("nextCursor")
            .orElseThrow();
    assertThat(large.send("tools/list", with(cursor).toString()).result().orElseThrow().toString())
        .contains("\"b\"", "\"c\"")
        .doesNotContain("nextCursor");
  }

  @Test
  void cursorHoldsForOnePrincipalAndOneKindOfList() throws Exception {
    var cursor = cursor("tools/list", Json.EMPTY_OBJECT).orElseThrow();
    var asked = one.listRequests();

    assertInvalid(
        context.send(new RecordingSession("x").of("other"), "tools/list", with(cursor).toString()));
    assertInvalid(context.send("prompts/list", with(cursor).toString()));
    assertThat(one.listRequests()).isEqualTo(asked);
    // A session more of the same client is no other client.
    var again = context.send(new RecordingSession("y"), "tools/list", with(cursor).toString());
    assertThat(again.result()).isPresent();
  }

  private static void assertInvalid(Response response) {
    assertThat(response.errorCode()).isEqualTo(-32602);
    assertThat(response.errorMessage()).startsWith("invalid cursor: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"\"", "\"x\"", "7", "{}", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\""})
  void cursorThatTheGatewayDidNotGiveReachesNoServer(String cursor) throws Exception {
    assertInvalid(context.send("tools/list", "{\"cursor\":" + cursor + "}"));

    assertThat(context.refusals.count(Kind.CURSOR)).isEqualTo(1);
    assertThat(one.listRequests()).isZero();
  }

  @Test
  void cursorOfAListThatChangedIsRefused() throws Exception {
    var cursor = cursor("tools/list", Json.EMPTY_OBJECT).orElseThrow();
    two.tools(many("c", 700));
    context
        .switchboard()
        .listChanged(two, Notification.of(ListKind.TOOLS.changed()), GatewayClient.INSTANCE);

    var refused = context.send("tools/list", with(cursor).toString());
    assertInvalid(refused);
    assertThat(refused.errorMessage()).contains("changed");
    two.tools(many("b", 700));
    context
        .switchboard()
        .listChanged(two, Notification.of(ListKind.TOOLS.changed()), GatewayClient.INSTANCE);
    assertThat(cursor("tools/list", with(cursor))).as("the same list again").isPresent();
    one.tools("few");
    two.tools("few");
    context
        .switchboard()
        .listChanged(one, Notification.of(ListKind.TOOLS.changed()), GatewayClient.INSTANCE);
    context
        .switchboard()
        .listChanged(two, Notification.of(ListKind.TOOLS.changed()), GatewayClient.INSTANCE);
    assertInvalid(context.send("tools/list", with(cursor).toString()));
    assertThat(context.names("tools/list")).isEqualTo(List.of("one__few", "two__few"));
  }
}
