package io.watchgate.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.jsonrpc.Json;
import io.watchgate.jsonrpc.Response;
import io.watchgate.mcp.ListKind;
import io.watchgate.mcp.ProtocolVersion;
import io.watchgate.testkit.RecordingSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the gateway does not know: methods, and results that are no results yet.
@Timeout(60)
class UnknownMethodsTest {
  private final FakeServer one = new FakeServer("one").tools("read").capable("{\"tools\":{}}");
  private final FakeServer two = new FakeServer("two").tools("write");
  private final RouterContext context = new RouterContext(one, two);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"extensions\":{\"io.modelcontextprotocol/skills\":{}}}",
        "{\"experimental\":{\"com.example/skills\":{}}}",
        "{\"experimental\":{\"skills\":{}}}",
        "{\"skills\":{}}"
      })
  void methodGoesToTheOneServerThatDeclaresItsFamily(String capabilities) throws Exception {
    two.capable(capabilities);

    assertThat(context.result("skills/list", "{\"a\": 1.0}"))
        .contains("\"server\":\"two\"", "{\"a\": 1.0}");
    assertThat(context.error("skill/list", "{}")).startsWith("-32601 ");
    assertThat(context.error("skills", "{}")).startsWith("-32601 ");
    assertThat(one.got("skills/list")).isEmpty();
    one.capable(capabilities);
    assertThat(context.error("skills/list", "{}")).as("which one?").startsWith("-32601 ");
  }

  @Test
  void methodOfAServerThatIsDownSaysSo() throws Exception {
    two.capable("{\"skills\":{}}").down();

    assertThat(context.error("skills/list", "{}"))
        .isEqualTo("-32003 upstream_unavailable: server \"two\" is unavailable: it fell over");
  }

  @Test
  void questionInPlaceOfAResultPassesUntouched() throws Exception {
    var question =
        "{\"resultType\":\"input_required\","
            + " \"requestState\":\"s\",\"inputRequests\":{\"k\":1.50}}";
    for (var method : new String[] {"resources/read", "prompts/get", "tools/call"}) {
      two.answers(method, call -> Response.success(call.request().id(), Json.trusted(question)));
    }
    one.list(ListKind.RESOURCES, "x://both").capable("{\"tools\":{},\"resources\":{}}");
    two.list(ListKind.RESOURCES, "x://both", "x://two").list(ListKind.PROMPTS, "greet");
    var client = new RecordingSession("s").speaking(ProtocolVersion.NEWEST_STATELESS);
    context.send(client, "resources/list", "{}");
    var alias = "watchgate://two/x%3A%2F%2Fboth";

    for (var uri : new String[] {"x://two", alias, "x://two/unlisted"}) {
      one.fails("resources/read", -32602, "not mine");
      assertThat(result(client, "resources/read", Json.object("uri", uri))).isEqualTo(question);
    }
    assertThat(result(client, "prompts/get", Json.object("name", "two__greet")))
        .isEqualTo(question);
    assertThat(result(client, "tools/call", Json.object("name", "two__write"))).isEqualTo(question);

    var retry = "{\"uri\":\"%s\",\"requestState\":\"s\",\"inputResponses\":{}}";
    context.send(client, "resources/read", retry.formatted(alias));
    assertThat(two.got("resources/read").getLast()).contains(retry.formatted("x://both"));
  }

  private String result(RecordingSession client, String method, Json params)
      throws InterruptedException {
    return context.send(client, method, params.toString()).result().orElseThrow().toString();
  }
}
