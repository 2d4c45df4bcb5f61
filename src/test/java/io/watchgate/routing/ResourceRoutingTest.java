package io.watchgate.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ListKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who is asked for a resource.
@Timeout(60)
class ResourceRoutingTest {
  private static final String ALIAS = "watchgate://two/x%3A%2F%2Fboth";

  private final FakeServer one =
      new FakeServer("one")
          .list(ListKind.RESOURCES, "x://one", "x://both")
          .list(ListKind.TEMPLATES, "x://one/{id}");
  private final FakeServer two =
      new FakeServer("two")
          .list(ListKind.RESOURCES, "x://both", "x://two")
          .list(ListKind.TEMPLATES, "x://two/{id}");
  private final RouterContext context = new RouterContext(one, two);

  @Test
  void resourcesGoToWhoListsThem() throws Exception {
    assertThat(context.names("resources/list"))
        .containsExactly("x://one", "x://both", ALIAS, "x://two");
    assertThat(context.result("resources/read", "{\"uri\":\"x://two\"}")).contains("\"two\"");
    assertThat(context.result("resources/read", "{\"uri\":\"x://both\"}")).contains("\"one\"");
    assertThat(context.result("resources/read", "{\"uri\":\"x://two/7\"}")).contains("\"two\"");
  }

  @Test
  void resourceOfTwoServersHasAnAliasForTheSecondBothWays() throws Exception {
    two.answers(
        "resources/read",
        call ->
            Response.success(
                call.request().id(),
                Json.trusted(
                    "{\"contents\":[{\"uri\":\"x://both\",\"text\":\"t\"},"
                        + "{\"uri\":\"x://sub\"}]}")));
    context.names("resources/list");

    assertThat(context.result("resources/read", "{\"uri\":\"%s\"}".formatted(ALIAS)))
        .isEqualTo(
            "{\"contents\":[{\"uri\":\"%s\",\"text\":\"t\"},{\"uri\":\"x://sub\"}]}"
                .formatted(ALIAS));
    assertThat(two.got("resources/read").getFirst()).contains("\"uri\":\"x://both\"");

    context.send("resources/subscribe", "{\"uri\":\"%s\"}".formatted(ALIAS));
    assertThat(two.got("resources/subscribe").getFirst()).contains("\"uri\":\"x://both\"");
    var server = two.calls("resources/subscribe").getFirst().client();
    server.tell(updated("x://both"));
    assertThat(context.client().heard()).contains("\"uri\":\"%s\"".formatted(ALIAS));
    server.tell(updated("x://two"));
    assertThat(context.client().heard()).contains("\"uri\":\"x://two\"");
  }

  private static Notification updated(String uri) {
    return Notification.of("notifications/resources/updated", Json.object("uri", uri));
  }

  @Test
  void errorOfAReadUnderAnAliasSaysTheAlias() throws Exception {
    two.fails("resources/read", -32002, "Resource not found: x://both");

    assertThat(context.send("resources/read", "{\"uri\":\"%s\"}".formatted(ALIAS)).errorMessage())
        .isEqualTo("Resource not found: " + ALIAS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"watchgate://two", "watchgate://three/x", "watchgate://two/%zz"})
  void aliasThatLeadsNowhereIsAnUnknownResource(String alias) throws Exception {
    one.fails("resources/read", -32002, "no");
    two.fails("resources/read", -32602, "no");

    assertThat(context.error("resources/read", "{\"uri\":\"%s\"}".formatted(alias)))
        .isEqualTo("-32002 unknown_resource: unknown resource: " + alias);
  }

  @Test
  void resourceInNoListIsTriedInTheOrderOfTheFile() throws Exception {
    one.fails("resources/read", 0, "Unknown resource"); // as servers on the Python SDK say it
    assertThat(context.result("resources/read", "{\"uri\":\"y://z\"}")).contains("\"two\"");
    assertThat(one.got("resources/read")).hasSize(1);

    two.fails("resources/read", -32002, "not here");
    assertThat(context.error("resources/read", "{\"uri\":\"y://z\"}"))
        .isEqualTo("0 -: Unknown resource");
    one.down();
    assertThat(context.error("resources/read", "{\"uri\":\"y://z\"}")).startsWith("-32003 ");
    one.up().capable("{\"tools\":{}}");
    assertThat(context.error("resources/read", "{\"uri\":\"y://z\"}"))
        .startsWith("-32002 unknown_resource");
  }

  @Test
  void subscriptionToAResourceInNoListIsTriedInTheOrderOfTheFile() throws Exception {
    one.fails("resources/subscribe", -32002, "no");

    assertThat(context.result("resources/subscribe", "{\"uri\":\"y://z\"}")).contains("\"two\"");
    assertThat(context.result("resources/unsubscribe", "{\"uri\":\"x://one\"}"))
        .contains("\"one\"");
  }
}
