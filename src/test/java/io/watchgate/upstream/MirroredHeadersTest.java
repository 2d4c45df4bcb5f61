package io.watchgate.upstream;

import static io.watchgate.upstream.StatelessServer.isOf;
import static io.watchgate.upstream.StatelessServer.json;
import static io.watchgate.upstream.StatelessServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.watchgate.flow.Client;
import io.watchgate.flow.Session;
import io.watchgate.jsonrpc.Notification;
import io.watchgate.jsonrpc.Request;
import io.watchgate.jsonrpc.Response;
import io.watchgate.upstream.UpstreamSettings.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The headers of stateless requests, as they are on the wire.
@Timeout(60)
class MirroredHeadersTest {
  private static final String WEATHER =
      "{\"tools\":[{\"name\":\"weather\",\"inputSchema\":{\"type\":\"object\",\"properties\":{"
          + "\"region\":{\"type\":\"string\",\"x-mcp-header\":\"Region\"},"
          + "\"days\":{\"type\":\"integer\",\"x-mcp-header\":\"Days\"},"
          + "\"units\":{\"type\":\"string\"}}}}]%s}";
  private static final String ARGUMENTS = "{\"region\":\"eu\",\"days\":3,\"units\":\"metric\"}";
  private static final String MISMATCH = "{\"code\":-32020,\"message\":\"Mcp-Param-Region?\"}";

  private final List<String> answered = new CopyOnWriteArrayList<>();

  private RawServer listing(String tools) throws Exception {
    return StatelessServer.start(
        "{\"tools\":{}}",
        (peer, request) -> {
          answered.add(request);
          peer.write(json(request, isOf(request, "tools/list") ? tools : text("done")));
        });
  }

  private static Map<String, String> headers(String request, String start) {
    var headers = new TreeMap<String, String>();
    for (var line : request.lines().takeWhile(text -> !text.isEmpty()).toList()) {
      var parts = line.split(": ?", 2);
      if (parts[0].toLowerCase(Locale.ROOT).startsWith(start)) {
        headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
      }
    }
    return headers;
  }

  private static String encoded(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return "=?base64?" + Base64.getEncoder().encodeToString(bytes) + "?=";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tools/call     | {"name":"plain name"}        | plain name
          prompts/get    | {"name":"p"}                 | p
          resources/read | {"uri":"a:b?c=d%20e"}        | a:b?c=d%20e
          tasks/get      | {"taskId":"t-1"}             | t-1
          tasks/update   | {"taskId":"t-1"}             | t-1
          tasks/cancel   | {"taskId":"t-1"}             | t-1
          """)
  void requestSaysInHeadersWhatItIsAndOfWhat(String method, String params, String name)
      throws Exception {
    try (var server = listing("{}");
        var remote = RemoteContext.stateless(server.uri("/mcp"))) {
      assertThat(remote.send(method, params).result()).isPresent();

      assertThat(headers(answered.getFirst(), "mcp-"))
          .containsExactlyInAnyOrderEntriesOf(
              Map.of("mcp-protocol-version", "2026-07-28", "mcp-method", method, "mcp-name", name));
    }
  }

  @ParameterizedTest
  @CsvSource({"tools/list", "prompts/list", "completion/complete", "x/unknown"})
  void requestOfNothingByNameNamesNothing(String method) throws Exception {
    try (var server = listing("{\"tools\":[]}");
        var remote = RemoteContext.stateless(server.uri("/mcp"))) {
      remote.send(method, "{\"name\":\"x\",\"uri\":\"a:b\"}");

      assertThat(headers(answered.getFirst(), "mcp-"))
          .containsExactlyInAnyOrderEntriesOf(
              Map.of("mcp-protocol-version", "2026-07-28", "mcp-method", method));
      assertThat(headers(server.requests().getFirst(), "mcp-"))
          .containsExactlyInAnyOrderEntriesOf(
              Map.of("mcp-protocol-version", "2026-07-28", "mcp-method", "server/discover"));
    }
  }

  @ParameterizedTest
  @CsvSource({"'wätter'", "' led'", "'trailed '", "'=?base64?eA==?='", "'two\\nlines'"})
  void nameThatIsNoHeaderIsEncoded(String name) throws Exception {
    try (var server = listing("{}");
        var remote = RemoteContext.stateless(server.uri("/mcp"))) {
      remote.tool(name, "{}");

      assertThat(headers(answered.getFirst(), "mcp-name"))
          .containsEntry("mcp-name", encoded(name.replace("\\n", "\n")));
    }
  }

  @Test
  void argumentsAreMirroredOnceTheListWasSeen() throws Exception {
    try (var server = listing(WEATHER.formatted(""));
        var remote = RemoteContext.stateless(server.uri("/mcp"))) {
      remote.tool("weather", ARGUMENTS);
      remote.send("tools/list", "{}");
      remote.tool("weather", ARGUMENTS);
      remote.tool("other", ARGUMENTS);

      var mirrored = answered.stream().map(request -> headers(request, "mcp-param-")).toList();
      assertThat(mirrored)
          .containsExactly(
              Map.of(),
              Map.of(),
              Map.of("mcp-param-region", "eu", "mcp-param-days", "3"),
              Map.of());
    }
  }

  @Test
  void toolThatIsListedOtherwiseIsMirroredOtherwise() throws Exception {
    var lists =
        new ArrayList<>(List.of(WEATHER.formatted(""), "{\"tools\":[{\"name\":\"weather\"}]}"));
    try (var server =
            StatelessServer.start(
                "{\"tools\":{}}",
                (peer, request) -> {
                  answered.add(request);
                  peer.write(
                      json(
                          request,
                          isOf(request, "tools/list") ? lists.removeFirst() : text("done")));
                });
        var remote = RemoteContext.stateless(server.uri("/mcp"))) {
      remote.send("tools/list", "{}");
      remote.send("tools/list", "{}");
      remote.tool("weather", ARGUMENTS);

      assertThat(headers(answered.getLast(), "mcp-param-")).isEmpty();
    }
  }

  @Test
  void headersOfClientsAreNeverTakenOver() throws Exception {
    try (var server = listing(WEATHER.formatted(""));
        var remote = RemoteContext.stateless(server.uri("/mcp"))) {
      remote.send("tools/list", "{}");
      var params = "{\"name\":\"weather\",\"arguments\":{\"region\":\"eu\"}}";
      remote.send(
          remote
              .call("tools/call", params)
              .with(new Mirroring(remote.client(), Map.of("region", "us", "tenant", "9"))));

      assertThat(headers(answered.getLast(), "mcp-param-"))
          .isEqualTo(Map.of("mcp-param-region", "eu"));
    }
  }

  /// A client that sends headers of its own.
  private record Mirroring(Session session, Map<String, String> headers) implements Client {
    @Override
    public Optional<Map<String, String>> parameterHeaders() {
      return Optional.of(headers);
    }

    @Override
    public void tell(Notification notification) {}

    @Override
    public Response ask(Request request, Consumer<Notification> progress)
        throws InterruptedException {
      return session.ask(request, progress);
    }
  }

  @Test
  void serverThatMissesAHeaderHasItsListReadAnewAndGetsTheCallOnceMore() throws Exception {
    try (var server =
            StatelessServer.start(
                "{\"tools\":{}}",
                (peer, request) -> {
                  answered.add(request);
                  if (isOf(request, "tools/list")) {
                    var first = "{\"tools\":[],\"nextCursor\":\"2\"}";
                    peer.write(
                        json(request, request.contains("cursor") ? WEATHER.formatted("") : first));
                  } else if (headers(request, "mcp-param-").isEmpty()) {
                    peer.write(StatelessServer.refusal(400, request, MISMATCH));
                  } else {
                    peer.write(json(request, text("done")));
                  }
                });
        var remote = RemoteContext.stateless(server.uri("/mcp"))) {
      var params =
          "{\"name\":\"weather\",\"arguments\":{\"region\":\"eu\"},\"_meta\":%s}"
              .formatted(StatelessServer.CLAIM);

      assertThat(RemoteContext.text(remote.send("tools/call", params))).isEqualTo("done");
      assertThat(answered.stream().map(request -> headers(request, "mcp-method")))
          .containsExactlyElementsOf(
              Stream.of("tools/call", "tools/list", "tools/list", "tools/call")
                  .map(method -> Map.of("mcp-method", method))
                  .toList());
      assertThat(answered.get(1)).contains(StatelessServer.CLAIM);
    }
  }

  @Test
  void serverThatMissesAHeaderStillIsNotAskedAThirdTime() throws Exception {
    try (var server =
            StatelessServer.start(
                "{\"tools\":{}}",
                (peer, request) -> {
                  answered.add(request);
                  peer.write(
                      isOf(request, "tools/list")
                          ? json(request, "{\"tools\":[]}")
                          : StatelessServer.refusal(400, request, MISMATCH));
                });
        var remote = RemoteContext.stateless(server.uri("/mcp"))) {
      assertThat(remote.tool("weather", ARGUMENTS).errorCode()).isEqualTo(-32020);
      assertThat(answered).hasSize(3);

      assertThat(remote.send("prompts/get", "{\"name\":\"p\"}").errorCode()).isEqualTo(-32020);
      assertThat(answered).hasSize(4);
    }
  }

  @ParameterizedTest
  @CsvSource({"2026-07-28,2", "2031-01-01,1"})
  void refusedRevisionIsSentOnceMoreWhereItIsListed(String listed, int times) throws Exception {
    var error =
        "{\"code\":-32022,\"message\":\"no\",\"data\":{\"supported\":[\"%s\"]}}".formatted(listed);
    try (var server =
            StatelessServer.start(
                "{}",
                (peer, request) -> {
                  answered.add(request);
                  peer.write(StatelessServer.refusal(400, request, error));
                });
        var remote = RemoteContext.stateless(server.uri("/mcp"))) {
      assertThat(remote.tool("x", "{}").errorCode()).isEqualTo(-32022);
      assertThat(answered).hasSize(times);
    }
  }

  @Test
  void nothingIsSentOfSessionsAndNothingButPosts() throws Exception {
    var configured = Map.of("X-Mine", "1", "mcp-method", "forged");
    try (var server =
        StatelessServer.start(
            "{}",
            (peer, request) ->
                peer.write(
                    json(request, text("done"))
                        .replace("\r\nContent-L", "\r\nMcp-Session-Id: s\r\nContent-L")))) {
      try (var remote =
          new RemoteContext(
                  server.uri("/mcp"), Wire.STREAMABLE_HTTP, configured, Duration.ofSeconds(5))
              .stateless()) {
        remote.text("x", "{}");
        remote.text("x", "{}");
        remote.client().close();
      }
      assertThat(server.requests())
          .hasSize(3)
          .allMatch(request -> request.startsWith("POST "))
          .allSatisfy(request -> {
            assertThat(headers(request, "mcp-session-id")).isEmpty();
            assertThat(headers(request, "mcp-method")).doesNotContainValue("forged");
            assertThat(headers(request, "x-mine")).containsEntry("x-mine", "1");
            assertThat(headers(request, "accept"))
                .containsEntry("accept", "application/json, text/event-stream");
            assertThat(headers(request, "content-type"))
                .containsEntry("content-type", "application/json");
          });
    }
  }
}
